package pipeline

import (
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

func page(n int, method extract.Method, confidence float64, text string) extract.Page {
	return extract.Page{Number: n, Method: method, Confidence: confidence, Text: text}
}

// read are pages that were read just now.
func read(list ...extract.Page) *pages {
	p := &pages{most: inMemory}
	for _, page := range list {
		p.add(page)
	}
	p.sort()
	return p
}

func TestLowPagesAreThoseRecognisedWithLittleConfidence(t *testing.T) {
	failed := page(6, extract.MethodOCR, 0, "x")
	failed.Err = &extract.Error{Code: "extract_crash"}
	got := read(
		page(1, extract.MethodText, 0.1, "x"), page(2, extract.MethodOCR, 0.7, "x"), page(3, extract.MethodOCR, 0.69, "x"),
		page(4, extract.MethodOCR, 0, ""), page(5, extract.MethodOCR, 0.2, "x"), failed,
	).low()
	if len(got) != 2 || got[0] != (wpclient.PageConfidence{Page: 3, Confidence: 0.69}) || got[1].Page != 5 {
		t.Errorf("%+v", got)
	}
}

// Of more pages than a result names, those with the least confidence, in the order of the document.
func TestLowPagesAreBounded(t *testing.T) {
	var pages []extract.Page
	for n := 1; n <= wpclient.MaxPagesLow+50; n++ {
		pages = append(pages, page(n, extract.MethodOCR, 0.6-float64(n)/1000, "x"))
	}
	got := read(pages...).low()
	if len(got) != wpclient.MaxPagesLow || got[0].Page != 51 || got[len(got)-1].Page != wpclient.MaxPagesLow+50 {
		t.Errorf("%d pages, from %+v", len(got), got[0])
	}
}
