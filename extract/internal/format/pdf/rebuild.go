package pdf

import (
	"bytes"
	"io"
	"os"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// editBytes is the largest file of which a changed copy is tried.
const editBytes = 64 << 20

// rebuilt opens the file with its table of objects made unreadable, so that MuPDF looks for the objects themselves: a
// table that can be read and is wrong hides all pages. It gives nil where that finds no pages either.
func rebuilt(path string) *mupdf.Document {
	return edited(path, func(data []byte) []byte {
		mark := []byte("startxref")
		if !bytes.Contains(data, mark) {
			return nil // it was looked through already
		}
		return bytes.ReplaceAll(data, mark, []byte("startnone"))
	})
}

var (
	plainStreams = pattern.Lazily(`/StmF\s*/Identity\b`)
	plainStrings = pattern.Lazily(`/StrF\s*/Identity\b`)
	encryptEntry = pattern.Lazily(`/Encrypt(\s|\d|<)`)
)

// attachmentsLocked opens a file whose password protects the files attached to it and nothing else; MuPDF asks for it
// all the same. It gives nil for any other file.
func attachmentsLocked(path string) *mupdf.Document {
	return edited(path, func(data []byte) []byte {
		if !plainStreams.Match(data) || !plainStrings.Match(data) {
			return nil
		}
		return encryptEntry.ReplaceAll(data, []byte("/Nothing$1"))
	})
}

// edited opens a changed copy of the file that has pages; nil when there is none, or nothing to change.
func edited(path string, change func([]byte) []byte) *mupdf.Document {
	st, err := os.Stat(path)
	if err != nil || st.Size() > editBytes {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	if data = change(data); data == nil {
		return nil
	}
	return openCopy(bytes.NewReader(data))
}

// openCopy opens a file of that content, nil where there is none that has pages.
func openCopy(content io.Reader) *mupdf.Document {
	tmp, err := os.CreateTemp("", "edited-*.pdf")
	if err != nil {
		return nil
	}
	// MuPDF holds the file open; its name need not outlive that, and goes with the document where there is a sandbox.
	defer os.Remove(tmp.Name())
	_, err = io.Copy(tmp, content)
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
