package objectstore_test

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
)

func TestLayout(t *testing.T) {
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
		if err != nil || l.Keys("a.example", 77).Text != c.want {
			t.Errorf("%q for %d sites: %s, %v", c.template, c.sites, l.Keys("a.example", 77).Text, err)
		}
	}
	k := objectstore.Layout{}.Keys("s", 5)
	if k != (objectstore.Keys{Text: "processed/5/text.txt", Pages: "processed/5/pages.jsonl", Summary: "processed/5/summary.md", Meta: "processed/5/meta.json"}) {
		t.Errorf("the protocol's keys: %+v", k)
	}
}
