// Package ports finds ports for the servers of test suites that run side by side. Each suite has a range of its own, below those that the
// kernel hands out: a port that was free a moment ago is then not taken by another suite's server before ours listens.
package ports

import (
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
)

// The first port of each suite's range of span ports.
const (
	E2E    = 10_000
	Chaos  = 12_000
	Linear = 14_000
	Store  = 18_000
	span   = 2_000
)

var (
	mu    sync.Mutex
	given = map[int]bool{}
)

// Free is a port of the range that begins at first on which nothing listens now, and that this process was not given before: a server
// takes seconds to listen, and one that is stopped for a while comes back to its port.
func Free(first int) (int, error) {
	mu.Lock()
	defer mu.Unlock()
	for range span {
		port := first + rand.IntN(span)
		if given[port] {
			continue
		}
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			given[port] = true
			return port, l.Close()
		}
	}
	return 0, fmt.Errorf("no port is free between %d and %d", first, first+span)
}
