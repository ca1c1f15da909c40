package sharedtext

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"iter"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// A shared text is JSON lines: what it is of, a line a page, and a last one with how many there were and the digest of all bytes before it.
type (
	head struct {
		Format    int              `json:"v"`
		Site      string           `json:"site"`
		SHA256    string           `json:"sha256"` // of the file
		Extractor string           `json:"extractor"`
		Document  extract.Document `json:"document"`
	}
	line struct {
		Page *extract.Page `json:"page,omitempty"`
		End  *end          `json:"end,omitempty"`
	}
	end struct {
		Pages  int    `json:"pages"`
		SHA256 string `json:"sha256"`
	}
)

const format = 1

// maxLine bounds one page.
const maxLine = 64 << 20

var (
	errDamaged = errors.New("the shared text is damaged")
	errOther   = errors.New("the shared text is of another file, site or reader")
	errPartial = errors.New("some pages were not read")
)

// write writes all pages, which are in order and complete.
func write(w io.Writer, h head, pages iter.Seq2[extract.Page, error]) error {
	sum := sha256.New()
	out := json.NewEncoder(io.MultiWriter(w, sum))
	if err := out.Encode(h); err != nil {
		return err
	}
	n := 0
	for p, err := range pages {
		if err != nil {
			return err
		}
		if n++; p.Number != n || p.Err != nil {
			return errPartial
		}
		if err := out.Encode(line{Page: &p}); err != nil {
			return err
		}
	}
	if n != h.Document.Pages {
		return errPartial
	}
	return json.NewEncoder(w).Encode(line{End: &end{n, hex.EncodeToString(sum.Sum(nil))}})
}

// read gives each page to keep. It believes nothing: everything is as ValidPage wants it, each page is there once and in order, and the digest fits.
func read(r io.Reader, want head, keep func(extract.Document, extract.Page) error) error {
	in := &lines{r: bufio.NewReaderSize(r, 64<<10), sum: sha256.New()}
	var h head
	if err := in.next(&h); err != nil {
		return err
	}
	if h.Format != want.Format || h.Site != want.Site || h.SHA256 != want.SHA256 || h.Extractor != want.Extractor {
		return errOther
	}
	if !extract.ValidDocument(h.Document) {
		return errDamaged
	}
	for n := 1; ; n++ {
		before := hex.EncodeToString(in.sum.Sum(nil))
		var l line
		if err := in.next(&l); err != nil {
			return err
		}
		switch {
		case l.End != nil && l.Page == nil:
			if l.End.Pages != n-1 || n-1 != h.Document.Pages || l.End.SHA256 != before || !in.over() {
				return errDamaged
			}
			return nil
		case l.Page == nil || l.End != nil || l.Page.Number != n || n > h.Document.Pages || !extract.ValidPage(*l.Page):
			return errDamaged
		}
		if err := keep(h.Document, *l.Page); err != nil {
			return err
		}
	}
}

// lines are counted into a digest as they are read.
type lines struct {
	r   *bufio.Reader
	sum hash.Hash
}

func (l *lines) next(into any) error {
	var raw []byte
	for {
		part, err := l.r.ReadSlice('\n')
		raw = append(raw, part...)
		if err == nil {
			break
		}
		if errors.Is(err, io.EOF) || len(raw) > maxLine {
			return errDamaged
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
	l.sum.Write(raw)
	in := json.NewDecoder(bytes.NewReader(raw))
	in.DisallowUnknownFields()
	if in.Decode(into) != nil { // whose words would be those of the text
		return errDamaged
	}
	return nil
}

// over says that nothing follows.
func (l *lines) over() bool {
	_, err := l.r.ReadByte()
	return errors.Is(err, io.EOF)
}
