//go:build e2e

// Package e2e runs the real agent against real WordPress: the oldest supported and the newest one on nginx, php-fpm and
// MariaDB, the current one on SQLite; artifacts in folders and in a real S3 server. `make test-e2e` prepares and runs it.
package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// The sites that tests share: each document and agent of a test has names of its own.
type matrix struct {
	dir    string
	oldest func() (*Site, error)
	newest func() (*Site, error)
	sqlite func() (*Site, error)
}

var sites matrix

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "aidoc-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var mu sync.Mutex
	var started []*Site
	site := func(name, mode string, options ...string) func() (*Site, error) {
		return sync.OnceValues(func() (*Site, error) {
			s, err := startSite(name, filepath.Join(dir, name), mode, options...)
			if err == nil {
				mu.Lock()
				started = append(started, s)
				mu.Unlock()
			}
			return s, err
		})
	}
	db := filepath.Join(dir, "db")
	sites = matrix{
		dir:    dir,
		oldest: site("oldest", "fpm", "--wp", "oldest", "--db", db),
		newest: site("newest", "fpm", "--wp", "newest", "--db", db, "--permalinks", "plain"),
		sqlite: site("current", "sqlite", "--wp", "current"),
	}
	code := m.Run()

	for _, s := range started {
		if err := s.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	if out, err := exec.Command(script("wp", "db.sh"), "down", db).CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "stop MariaDB: %v\n%s", err, out)
		code = 1
	}
	if code == 0 {
		_ = os.RemoveAll(dir)
	} else {
		fmt.Fprintln(os.Stderr, "the sites' files and logs are kept in", dir)
	}
	return code
}

// use starts a shared site at its first use, and looks for PHP notices when the test ends.
func use(t *testing.T, start func() (*Site, error)) *Site {
	t.Helper()
	s, err := start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.CheckNotices(t) })
	return s
}
