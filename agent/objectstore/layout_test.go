package objectstore_test

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
)

func TestLayout(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		template string
		sites    int
		want     string // of site "a.example", job 77; "" where it is refused
		says     string
	}{
		{"", 1, "processed/77/text.txt", ""},
		{"", 0, "processed/77/text.txt", ""},
		{"", 2, "a.example/processed/77/text.txt", ""},
		{"x/{site}-{job_id}", 2, "x/a.example-77/text.txt", ""},
		{"team/{job_id}", 1, "team/77/text.txt", ""},
		{"team/{job_id}", 2, "", "{site}/processed/{job_id}"},
		{"team/", 1, "", "no {job_id}"},
		{"/{job_id}", 1, "", "not a valid key"},
		{"../{job_id}", 1, "", "not a valid key"},
	} {
		l, err := objectstore.NewLayout(c.template, c.sites)
		if c.want == "" {
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q for %d sites: %v", c.template, c.sites, err)
			}
			continue
		}
		if err != nil || l.KeyFor("a.example", 77, "text.txt") != c.want {
			t.Errorf("%q for %d sites: %s, %v", c.template, c.sites, l.KeyFor("a.example", 77, "text.txt"), err)
		}
	}
}
