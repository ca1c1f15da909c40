package pipeline

import (
	"fmt"

	"github.com/aidoc-pipeline/aidoc-agent/agent/failure"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// span is which pages of a document are read: from first to last, counted from 1. The zero value is all of them.
type span struct{ first, last int }

func spanOf(p *wpclient.PageRange) span {
	if p == nil {
		return span{}
	}
	return span{max(1, p.First), p.Last}
}

// all says that nothing is left out of a document of this length.
func (s span) all(pages int) bool { return s.first <= 1 && (s.last == 0 || s.last >= pages) }

// has says that a page is to be read.
func (s span) has(page int) bool { return page >= s.first && (s.last == 0 || page <= s.last) }

// count is how many pages of a document of this length are to be read.
func (s span) count(pages int) int {
	last := pages
	if s.last > 0 {
		last = min(pages, s.last)
	}
	return max(0, last-max(1, s.first)+1)
}

// within refuses a document that ends before the first page that is to be read.
func (s span) within(doc extract.Document) error {
	if doc.Pages == 0 || s.count(doc.Pages) > 0 {
		return nil
	}
	return &failure.Failure{Permanent: true, Code: "no_such_pages",
		Message: fmt.Sprintf("Only pages from %d on are to be read, and the document has %d. Change the pages in the document's details and read it again.", s.first, doc.Pages)}
}
