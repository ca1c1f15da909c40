// Package doc is what a read document is made of: its description, its pages with their marks and pictures, the limits it is read
// under, and the refusals with their sentences. Every reader of a format offers a Source.
package doc

import (
	"errors"
	"fmt"
)

// Limits bound what one file may cost. Zero fields are replaced by the caller.
type Limits struct {
	MaxBytes    int64 `json:"max_bytes"`
	MaxPages    int   `json:"max_pages"`
	MaxPixels   int   `json:"max_pixels"`   // of one decoded or rendered picture
	MaxUnpacked int64 `json:"max_unpacked"` // sum of what a zip, OLE or MIME container unpacks to
	MaxText     int   `json:"max_text"`     // bytes of text of one page
	// Known means that this file was opened before for the same job: checks that only inform are left out.
	Known bool `json:"known,omitempty"`
	// Embedded reads a file found inside the file: an attachment, an object. It returns "" for what
	// cannot be read; it bounds depth, number and size itself. Set by the worker; nil reads none.
	Embedded func(name string, data []byte) string `json:"-"`
}

// Info describes an opened file.
type Info struct {
	Format string `json:"format"`
	MIME   string `json:"mime"`
	Pages  int    `json:"pages"`
	Title  string `json:"title,omitempty"`
	Author string `json:"author,omitempty"`
	// Warning is a sentence about a file that is readable but not sound.
	Warning string `json:"warning,omitempty"`
	// Random means that any child can open the file and read any page cheaply, so pages run in parallel.
	Random bool `json:"random,omitempty"`
}

// Methods, as extract.Method names them.
const (
	Text  = "text"
	OCR   = "ocr"
	Empty = "empty"
)

// Page is the text of one page.
type Page struct {
	Text       string
	Method     string
	Language   string
	Confidence float64
	Marks      []Mark // what lines of Text are, in the order of From
	Scan       Scan
}

// Scan is what recognition found out about a page besides its text; zero for other pages.
type Scan struct {
	// Script in which most letters are written, for example "Latin" or "Cyrillic".
	Script string `json:"script,omitempty"`
	// Turned is the clockwise turn in degrees that makes the page upright: 0, 90, 180 or 270.
	Turned int `json:"turned,omitempty"`
	// Skew is by how many degrees its lines rise to the right after that.
	Skew float64 `json:"skew,omitempty"`
	// Missing is the tesseract language that would fit better and is not installed.
	Missing string `json:"missing_language,omitempty"`
}

// Mark says what lines From to To-1 of a page's text are. Lines count from 0.
type Mark struct {
	Kind  string `json:"kind"`
	From  int    `json:"from"`
	To    int    `json:"to"`
	Level int    `json:"level,omitempty"` // of a heading: 1 is the largest
	Y     int    `json:"y,omitempty"`     // of a line in the margin: its baseline, in per mille of the page's height
}

// MaxMarks bounds the marks of one page.
const MaxMarks = 1000

// Kinds of marks.
const (
	MarkTable   = "table" // each line has as many fields, parted by tabs
	MarkHeading = "heading"
	MarkHead    = "head" // in the top margin: a running header, if other pages have it too
	MarkFoot    = "foot" // in the bottom margin
)

// Source is an open file. It is used by one goroutine.
type Source interface {
	Info() Info
	// Page reads page i, counted from 0.
	Page(i int) (Page, error)
	Close()
}

// Codes, as extract.Code names them.
const (
	CodeEmptyFile       = "empty_file"
	CodeUnsupportedType = "unsupported_type"
	CodeCorrupt         = "corrupt_file"
	CodeEncrypted       = "encrypted"
	CodeNoPages         = "no_pages"
	CodeNoText          = "no_text"
	CodeTooLarge        = "too_large"
	CodeLanguageMissing = "ocr_language_missing"
	CodeInternal        = "extract_internal"
)

// Fail is a refusal with a sentence for the person who uploaded the file.
type Fail struct {
	Code    string
	Message string
	Err     error
}

func (f *Fail) Error() string {
	if f.Err != nil {
		return fmt.Sprintf("%s: %s: %v", f.Code, f.Message, f.Err)
	}
	return f.Code + ": " + f.Message
}

func (f *Fail) Unwrap() error { return f.Err }

// Failf makes a Fail.
func Failf(code string, err error, format string, args ...any) *Fail {
	return &Fail{Code: code, Message: fmt.Sprintf(format, args...), Err: err}
}

// Corrupt is the answer to a file of a known format that cannot be parsed.
func Corrupt(format string, err error) *Fail {
	return Failf(CodeCorrupt, err, "The %s file is damaged and cannot be read; open it in its program, save it again and upload the new copy.", format)
}

// Encrypted is the answer to a file that needs a password.
func Encrypted(format string) *Fail {
	return Failf(CodeEncrypted, nil, "The %s file is protected by a password; upload a copy without one.", format)
}

// AsFail turns any error of a reader into a Fail.
func AsFail(err error) *Fail {
	var f *Fail
	if errors.As(err, &f) {
		return f
	}
	return Failf(CodeInternal, err, "The file could not be read because of an internal error.")
}

// Picture is a raster picture that stands on a page of a document.
type Picture struct {
	Page int // counted from 0
	Data []byte
}

// Static is a Source whose pages are already in memory, with RowMark before the rows of tables. Pictures are for who can recognise them.
type Static struct {
	Meta     Info
	Texts    []string
	Pictures []Picture
}

func (s *Static) Info() Info { s.Meta.Pages = len(s.Texts); return s.Meta }
func (s *Static) Close()     {}

func (s *Static) Page(i int) (Page, error) {
	if s.Texts[i] == "" {
		return Page{Method: Empty, Confidence: 1}, nil
	}
	text, marks := tables(s.Texts[i])
	return Page{Text: text, Method: Text, Confidence: 1, Marks: marks}, nil
}
