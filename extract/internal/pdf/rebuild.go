package pdf

import (
	"bytes"
	"os"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/mupdf"
)

// rebuildBytes is the largest file that is looked through for lost pages.
const rebuildBytes = 64 << 20

// rebuilt opens the file with its table of objects made unreadable, so that MuPDF looks for the objects themselves: a
// table that can be read and is wrong hides all pages. It gives nil where that finds no pages either.
func rebuilt(path string) *mupdf.Document {
	st, err := os.Stat(path)
	if err != nil || st.Size() > rebuildBytes {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	mark := []byte("startxref")
	if !bytes.Contains(data, mark) {
		return nil // it was looked through already
	}
	tmp, err := os.CreateTemp("", "rebuilt-*.pdf")
	if err != nil {
		return nil
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(bytes.ReplaceAll(data, mark, []byte("startnone")))
	if cerr := tmp.Close(); err != nil || cerr != nil {
		return nil
	}
	doc, err := mupdf.Open(tmp.Name())
	if err != nil {
		return nil
	}
	if doc.Pages() == 0 {
		doc.Close()
		return nil
	}
	return doc
}
