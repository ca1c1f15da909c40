package flow

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// Bounds of what one container is unpacked for; what the whole upload may cost is counted by the worker.
const (
	MaxInside      = 48 << 20 // bytes of one file
	maxInsideFiles = 300
)

// ErrMany is the reason why a file that stands behind too many others is left out.
var ErrMany = errors.New("too many files")

// Inside reads the files of a container, one after the other, and keeps their texts. A file that cannot be read is told to the
// worker by its name and takes nothing from the others.
type Inside struct {
	Texts []string // each under a heading with the file's name

	lim   doc.Limits
	left  int64
	files int
	buf   bytes.Buffer // of the file that is read; each takes the place of the one before
}

// NewInside begins with a container's files.
func NewInside(lim doc.Limits) *Inside { return &Inside{lim: lim, left: lim.MaxUnpacked} }

// Add reads a file, as far as the limits leave room for it.
func (c *Inside) Add(name string, open func() (io.ReadCloser, error)) {
	data, err := c.unpack(open)
	if err != nil {
		c.Skip(name, err)
		return
	}
	if s := strings.TrimSpace(c.lim.Embedded(name, data)); s != "" {
		c.Texts = append(c.Texts, Part(name, s))
	}
}

// Skip tells that a file was not read, and why.
func (c *Inside) Skip(name string, err error) {
	if c.lim.Unread != nil {
		c.lim.Unread(name, err)
	}
}

// unpack gives the bytes of a file; one that unpacks to more than memory is set aside for is left out.
func (c *Inside) unpack(open func() (io.ReadCloser, error)) ([]byte, error) {
	if c.files++; c.files > maxInsideFiles {
		return nil, ErrMany
	}
	if c.left <= 0 {
		return nil, zipx.ErrBudget
	}
	r, err := open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	most := min(MaxInside, c.left)
	c.buf.Reset()
	n, err := c.buf.ReadFrom(io.LimitReader(r, most+1))
	c.left -= n
	if err == nil && n > most {
		return nil, zipx.ErrBudget
	}
	return c.buf.Bytes(), err
}
