package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
)

// spent is how many SQL queries each request of a route cost.
type spent map[string][]int

// queries reads what bench.php wrote down of every REST request since the site was started.
func queries(s *wpsite.Site) (spent, error) {
	raw, err := os.ReadFile(filepath.Join(s.Root, "wp-content/mu-plugins/requests.log"))
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	all := spent{}
	for line := range strings.Lines(string(raw)) {
		var route string
		var n int
		if _, err := fmt.Sscan(line, &route, &n); err != nil {
			return nil, fmt.Errorf("read the log of requests: %w in %q", err, line)
		}
		all[route] = append(all[route], n)
	}
	return all, nil
}

// of is the median of a route; 0 where nobody asked for it.
func (s spent) of(route string) int {
	n := slices.Sorted(slices.Values(s[route]))
	if len(n) == 0 {
		return 0
	}
	return n[len(n)/2]
}
