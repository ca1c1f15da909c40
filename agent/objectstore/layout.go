package objectstore

import (
	"fmt"
	"strconv"
	"strings"
)

// Layouts. Job ids are unique within a site only. An agent with one site uses singleSite, the
// keys that docs/protocol.md names; with several sites in one store every key starts with the
// site. Two agents of different sites that share a bucket need a prefix each, or multiSite.
const (
	singleSite = "processed/{job_id}"
	multiSite  = "{site}/processed/{job_id}"
)

// Layout makes the keys of a job's artifacts from a template with {job_id} and, optionally, {site}.
type Layout struct{ template string }

// NewLayout checks the template. Where it is empty the number of sites decides: singleSite for
// one, multiSite for more. A template without {site} is refused when there are several sites.
func NewLayout(template string, sites int) (Layout, error) {
	if template == "" {
		if sites > 1 {
			return Layout{multiSite}, nil
		}
		return Layout{singleSite}, nil
	}
	if !strings.Contains(template, "{job_id}") {
		return Layout{}, badLayout(template, "has no {job_id}: documents would overwrite each other")
	}
	if sites > 1 && !strings.Contains(template, "{site}") {
		return Layout{}, badLayout(template, "has no {site}, but %d sites share the store and their job ids collide: use %q", sites, multiSite)
	}
	l := Layout{template}
	if err := ValidKey(l.KeyFor("example.org", 1, "text.txt")); err != nil {
		return Layout{}, badLayout(template, "makes keys that no store takes: %s", err.Error())
	}
	return l, nil
}

func badLayout(template, format string, args ...any) *Error {
	return &Error{Op: "open", Code: CodeConfig, Message: fmt.Sprintf("the key layout %q ", template) + fmt.Sprintf(format, args...)}
}

// KeyFor is the key of one named artifact.
func (l Layout) KeyFor(siteSlug string, jobID int64, name string) string {
	template := l.template
	if template == "" {
		template = singleSite
	}
	folder := strings.NewReplacer("{site}", siteSlug, "{job_id}", strconv.FormatInt(jobID, 10)).Replace(template)
	return folder + "/" + name
}

// Shelf is what the keys of all jobs of a site begin with.
func (l Layout) Shelf(siteSlug string) string {
	template := l.template
	if template == "" {
		template = singleSite
	}
	before, _, _ := strings.Cut(template, "{job_id}")
	return strings.ReplaceAll(before, "{site}", siteSlug)
}
