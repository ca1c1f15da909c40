package sharedtext

import (
	"bytes"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// Whatever lies in the store: what is given is as a reader gives it, and what is taken whole can be written and taken again.
func FuzzRead(f *testing.F) {
	want := head{Format: format, Site: site, SHA256: digest, Extractor: "v1"}
	var good bytes.Buffer
	d, pages := document("one", "two\nlines", "")
	h := want
	h.Document = d
	if err := write(&good, h, pages); err != nil {
		f.Fatal(err)
	}
	f.Add(good.Bytes())
	f.Add([]byte("{}\n{}\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var got []extract.Page
		var of extract.Document
		err := read(bytes.NewReader(raw), want, func(d extract.Document, p extract.Page) error {
			if !extract.ValidPage(p) || !extract.ValidDocument(d) || p.Number != len(got)+1 {
				t.Fatalf("given: %+v of %+v", p, d)
			}
			of, got = d, append(got, p)
			return nil
		})
		if err != nil {
			return
		}
		var again bytes.Buffer
		h := want
		h.Document = of
		all := func(yield func(extract.Page, error) bool) {
			for _, p := range got {
				if !yield(p, nil) {
					return
				}
			}
		}
		if err := write(&again, h, all); err != nil {
			t.Fatal(err)
		}
		if err := read(&again, want, func(extract.Document, extract.Page) error { return nil }); err != nil {
			t.Fatal(err)
		}
	})
}
