//go:build attacks

// Package attacks attacks a real WordPress (nginx, php-fpm, MariaDB) and the real agent from outside: with a client of
// RFC 9421 written from docs/protocol.md alone, from the path between the two, with a stolen key, a leaked database, and
// as every kind of visitor. Nothing of wpclient is imported, so that a mistake that client and site share shows.
// `make test-attacks` prepares and runs it; docs/security.md names the tests beside what they show.
package attacks

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

var (
	site      *Site      // the one site of the suite; its home is the middlebox
	middlebox *Middlebox // stands in front of it; lets everything pass until a test says otherwise
)

// fast leaves out what takes minutes: `make attacks-short`, which is part of `make test`.
var fast = os.Getenv("AIDOC_ATTACKS") == "fast"

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "aidoc-attacks-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if middlebox, err = newMiddlebox(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer middlebox.Close()
	if site, err = startSite(filepath.Join(dir, "site"), middlebox); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	code = max(code, site.Stop(code != 0))
	Report.Print()
	if code == 0 {
		_ = os.RemoveAll(dir)
	} else {
		fmt.Fprintln(os.Stderr, "the site's files and logs are kept in", dir)
	}
	return code
}
