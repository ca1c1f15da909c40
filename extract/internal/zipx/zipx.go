// Package zipx reads zip containers of office files under a budget for what they unpack to.
package zipx

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"golang.org/x/net/html/charset"
)

var (
	ErrBudget  = errors.New("unpacks to more than the limit")
	ErrMissing = errors.New("part is missing")
	ErrDepth   = errors.New("nested too deeply")
)

// maxParts bounds the directory of a container.
const maxParts = 20000

// MaxDepth bounds the nesting of elements; encoding/xml keeps a stack entry for each.
const MaxDepth = 256

// File is an open container.
type File struct {
	zr     *zip.ReadCloser
	byName map[string]*zip.File
	left   int64
}

// Open opens the zip at path; at most budget bytes come out of it in all.
func Open(name string, budget int64) (*File, error) {
	zr, err := zip.OpenReader(name)
	if err != nil {
		return nil, fmt.Errorf("open container: %w", err)
	}
	if len(zr.File) > maxParts {
		zr.Close()
		return nil, fmt.Errorf("container of %d parts: %w", len(zr.File), ErrBudget)
	}
	f := &File{zr: zr, byName: make(map[string]*zip.File, len(zr.File)), left: budget}
	for _, p := range zr.File {
		f.byName[key(p.Name)] = p
	}
	return f, nil
}

// key makes names comparable: writers differ in slashes and case.
func key(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

// Names lists the parts' names as keys.
func (f *File) Names() []string {
	out := make([]string, 0, len(f.zr.File))
	for _, p := range f.zr.File {
		out = append(out, key(p.Name))
	}
	return out
}

// Has says whether a part exists.
func (f *File) Has(name string) bool { return f.byName[key(name)] != nil }

// Close closes the container.
func (f *File) Close() { _ = f.zr.Close() }

// Reader opens a part; what it reads is charged to the budget.
func (f *File) Reader(name string) (io.ReadCloser, error) {
	p := f.byName[key(name)]
	if p == nil {
		return nil, fmt.Errorf("%s: %w", name, ErrMissing)
	}
	r, err := p.Open()
	if err != nil {
		return nil, fmt.Errorf("open part %s: %w", name, err)
	}
	return &metered{r, f}, nil
}

// Bytes reads a whole part.
func (f *File) Bytes(name string) ([]byte, error) {
	r, err := f.Reader(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

type metered struct {
	io.ReadCloser
	f *File
}

func (m *metered) Read(p []byte) (int, error) {
	if m.f.left <= 0 {
		return 0, ErrBudget
	}
	if int64(len(p)) > m.f.left {
		p = p[:m.f.left]
	}
	n, err := m.ReadCloser.Read(p)
	m.f.left -= int64(n)
	return n, err
}

// XML reads a part token by token into handler until the end or an error.
func (f *File) XML(name string, handle func(xml.Token) error) error {
	r, err := f.Reader(name)
	if err != nil {
		return err
	}
	defer r.Close()
	return Tokens(r, handle)
}

// Tokens walks XML leniently: unknown entities and unclosed elements do not stop it.
func Tokens(r io.Reader, handle func(xml.Token) error) error {
	d := xml.NewDecoder(r)
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = charset.NewReaderLabel
	depth := 0
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("parse: %w", err)
		}
		switch t.(type) {
		case xml.StartElement:
			if depth++; depth > MaxDepth {
				return ErrDepth
			}
		case xml.EndElement:
			depth--
		}
		if err := handle(t); err != nil {
			return err
		}
	}
}

// Attr returns the value of the attribute with this local name.
func Attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// Rel is one relationship of an Open Packaging part.
type Rel struct {
	Type, Target string
	External     bool
}

// Rels reads the relationships of a part; targets are names of parts, resolved against it.
func (f *File) Rels(part string) map[string]Rel {
	dir, base := path.Split(part)
	out := map[string]Rel{}
	_ = f.XML(path.Join(dir, "_rels", base+".rels"), func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" {
			return nil
		}
		r := Rel{Type: path.Base(Attr(e, "Type")), Target: Attr(e, "Target"), External: Attr(e, "TargetMode") == "External"}
		if !r.External {
			if strings.HasPrefix(r.Target, "/") {
				r.Target = strings.TrimPrefix(r.Target, "/")
			} else {
				r.Target = path.Join(dir, r.Target)
			}
		}
		out[Attr(e, "Id")] = r
		return nil
	})
	return out
}
