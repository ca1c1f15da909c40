// Package doc is what a read document is made of: its description, its pages with their marks and pictures, the limits it is read
// under, and the codes and sentences of refusals. Every reader of a format offers a Source; package extract gives the same types to
// its callers.
package doc

import "slices"

// Limits bound what one file may cost. Zero fields are replaced by the caller.
type Limits struct {
	MaxBytes    int64 `json:"max_bytes"`
	MaxPages    int   `json:"max_pages"`
	MaxPixels   int   `json:"max_pixels"`   // of one decoded or rendered picture
	MaxUnpacked int64 `json:"max_unpacked"` // sum of what a zip, OLE or MIME container unpacks to
	MaxText     int   `json:"max_text"`     // bytes of text of one page
	// Known means that this file was opened before for the same job: checks that only inform are left out.
	Known bool `json:"known,omitempty"`
	// Pages is how many pages the file had when it was opened before; 0 where that is not known. A reader may put off what only counts them.
	Pages int `json:"pages,omitempty"`
	// Embedded reads a file found inside the file: an attachment, an object. It returns "" for what
	// cannot be read; it bounds depth, number and size itself, and keeps data no longer than the call. Set by the worker; nil reads none.
	Embedded func(name string, data []byte) string `json:"-"`
	// Unread is told of a file found inside the file that could not even be given to Embedded. Set by the worker; nil forgets it.
	Unread func(name string, err error) `json:"-"`
	// Alone leaves files inside the file out: a child that read them ended or took too long.
	Alone bool `json:"alone,omitempty"`
}

// MaxWarnings bounds the sentences of Info.Warnings.
const MaxWarnings = 8

// Info describes an opened file.
type Info struct {
	Format string `json:"format"` // "pdf", "docx", "tiff" …: recognised by content, never by name
	MIME   string `json:"mime"`
	Pages  int    `json:"pages"`
	Title  string `json:"title,omitempty"` // from the file's metadata; untrusted text
	Author string `json:"author,omitempty"`
	// Warnings are sentences about what of the file could not be read, for the person who uploaded it; at most MaxWarnings, none for
	// a sound one.
	Warnings []string `json:"warnings,omitempty"`
	// Links are where words of the document lead, as far as its reader tells; at most MaxLinks. No model and no site is given them.
	Links Links `json:"links,omitempty"`
	// Random means that any child can open the file and read any page cheaply, so pages are read in parallel.
	Random bool `json:"-"`
}

// Warn adds a sentence to the warnings.
func (i *Info) Warn(sentence string) {
	if sentence != "" && len(i.Warnings) < MaxWarnings && !slices.Contains(i.Warnings, sentence) {
		i.Warnings = append(slices.Clip(i.Warnings), sentence)
	}
}

// Source is an open file. It is used by one goroutine.
type Source interface {
	Info() Info
	// Page reads page i, counted from 0. It sets what the file says: Number, Duration and Err are the pool's.
	Page(i int) (Page, error)
	Close()
}

// Picture is a raster picture that stands on a page of a document.
type Picture struct {
	Page int // counted from 0
	Data []byte
}

// Static is a Source whose pages are already in memory, with a mark before the rows of tables. Pictures are recognised by the
// worker, when there is a recogniser.
type Static struct {
	Meta     Info
	Texts    []string
	Pictures []Picture
	Article  bool // lines that begin as Aside writes them are none of the document's article
}

func (s *Static) Info() Info { s.Meta.Pages = len(s.Texts); return s.Meta }
func (s *Static) Close()     {}

func (s *Static) Page(i int) (Page, error) {
	if s.Texts[i] == "" {
		return Page{Method: MethodEmpty, Confidence: 1}, nil
	}
	text, beside := s.Texts[i], []Mark(nil)
	if s.Article {
		text, beside = asides(text)
	}
	text, marks := tables(text)
	return Page{Text: text, Method: MethodText, Confidence: 1, Marks: inOrder(marks, beside)}, nil
}
