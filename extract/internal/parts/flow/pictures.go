package flow

import (
	"bytes"
	"io"
	"path"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// Bounds of the pictures of one document that are kept for recognition.
const (
	maxPictures      = 40
	minPictureBytes  = 1 << 10 // bullets and rules
	maxPictureBytes  = 16 << 20
	maxPicturesBytes = 64 << 20
)

// Pictures notes which picture stands on which page. Each part counts once: the logo of every slide
// says nothing new on the second. A nil value notes and loads nothing.
type Pictures struct {
	seen map[string]bool
	list []placed
}

type placed struct {
	page int
	part string
}

// Add notes a part; what is drawn by vectors (emf, wmf, svg) is left out.
func (p *Pictures) Add(page int, part string) {
	if p == nil || p.seen[part] || len(p.list) >= maxPictures {
		return
	}
	switch strings.ToLower(path.Ext(part)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp":
	default:
		return
	}
	if p.seen == nil {
		p.seen = map[string]bool{}
	}
	p.seen[part] = true
	p.list = append(p.list, placed{page, part})
}

// Load reads the noted parts by open, after all text: what a container may unpack to is for the text first.
// pages is how many the document turned out to have.
func (p *Pictures) Load(open func(part string) (io.ReadCloser, error), pages int) []doc.Picture {
	if p == nil {
		return nil
	}
	var out []doc.Picture
	left := int64(maxPicturesBytes)
	for _, at := range p.list {
		r, err := open(at.part)
		if err != nil {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(r, min(left, maxPictureBytes)+1))
		_ = r.Close()
		if n := int64(len(data)); err == nil && n >= minPictureBytes && n <= min(left, maxPictureBytes) {
			left -= n
			out = append(out, doc.Picture{Page: max(0, min(at.page, pages-1)), Data: bytes.Clone(data)}) // without the room that it grew into
		}
	}
	return out
}
