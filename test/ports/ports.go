// Package ports finds ports for the servers of test suites that run side by side. Each suite has a range of its own, below those that the
// kernel hands out: a port that was free a moment ago is then not taken by another suite's server before ours listens.
package ports

import (
	"fmt"
	"math/rand/v2"
	"net"
)

// The first port of each suite's range of span ports.
const (
	E2E    = 10_000
	Chaos  = 12_000
	Linear = 14_000
	span   = 2_000
)

// Free is a port of the range that begins at first on which nothing listens now.
func Free(first int) (int, error) {
	for range span {
		port := first + rand.IntN(span)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			return port, l.Close()
		}
	}
	return 0, fmt.Errorf("no port is free between %d and %d", first, first+span)
}
