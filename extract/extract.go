// Package extract turns one file of unknown and possibly hostile content into pages of text.
//
// The package never opens a socket. Files are read in child processes of the same binary
// (see Worker), so a crash, a hang or a memory bomb in a C library costs one child and one
// page, never the agent.
package extract

import (
	"context"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// Method says how the text of a page was obtained.
type Method string

const (
	MethodText  Method = "text"  // the file's own text layer or markup
	MethodOCR   Method = "ocr"   // optical recognition of the rendered page or image
	MethodEmpty Method = "empty" // nothing to read on this page, by either way
)

// Scan is what recognition found out about a page besides its text.
type Scan = doc.Scan

// Page is one page of a document. Number starts at 1.
type Page struct {
	Number     int           `json:"number"`
	Text       string        `json:"text"` // complete text; headings and tables in Markdown where the file says what they are
	Method     Method        `json:"method"`
	Confidence float64       `json:"confidence"`         // 0..1; 1 for MethodText, mean word confidence for MethodOCR
	Language   string        `json:"language,omitempty"` // tesseract language(s) used, for example "eng+deu"
	Duration   time.Duration `json:"duration_ns"`
	// Marks say what lines of Text are, in the order of From: tables, headings, lines in the margins. Markdown reads them.
	Marks []Mark `json:"marks,omitempty"`
	Scan  Scan   `json:"scan,omitzero"` // of a page that was recognised: script, quarter turn, skew, missing language
	// Err is set when this page alone could not be read; Text is then empty.
	Err *Error `json:"error,omitempty"`
}

// Mark says what lines From to To-1 of a page's text are, counted from 0.
type Mark = doc.Mark

// Kinds of marks.
const (
	MarkTable   = doc.MarkTable   // each line has as many fields, parted by tabs
	MarkHeading = doc.MarkHeading // Level 1 is the largest
	MarkHead    = doc.MarkHead    // in the top margin: a running head where other pages have it too
	MarkFoot    = doc.MarkFoot    // in the bottom margin
)

// maxLevel is the deepest heading that Markdown has.
const maxLevel = 6

// Document describes the opened file.
type Document struct {
	Format string `json:"format"` // "pdf", "docx", "tiff" …: recognised by content, never by name
	MIME   string `json:"mime"`
	Pages  int    `json:"pages"`
	Title  string `json:"title,omitempty"` // from the file's metadata; untrusted text
	Author string `json:"author,omitempty"`
	// Warning is a sentence about a file that could be read although it is damaged; empty for a sound one.
	Warning string `json:"warning,omitempty"`
}

// Options of one extraction. The zero value is usable.
type Options struct {
	// Languages are tesseract language codes to recognise with; empty: all installed ones that the page's script needs.
	Languages []string
	// Name is the upload's file name; a hint in messages and for text formats only (md, csv), never trusted.
	Name string
	// Tenant is whose document it is. A child that has read a document of one tenant never gets one of another: should
	// the first have taken it over, it would see the second, or put words of the first into it.
	Tenant string
	// Skip reports pages whose text the caller already has (journal); they are neither read nor reported.
	Skip func(page int) bool
	// OnDocument is called once, before any page.
	OnDocument func(Document) error
	// OnPage is called from one goroutine, once for each page, in the order pages finish. An error stops the extraction.
	OnPage func(Page) error
}

// Extractor reads files. It is safe for concurrent use.
type Extractor interface {
	// Extract reads the file at path. It returns an *Error for anything that is the file's
	// fault; a page that alone cannot be read is reported by OnPage with Err set and does not
	// fail the document unless every page fails.
	Extract(ctx context.Context, path string, opts Options) (Document, error)
	// Version changes whenever the same file could give other text (tool and rule versions);
	// journal entries are keyed by it.
	Version() string
	// MIMEs lists the types this extractor reads on this machine.
	MIMEs() []string
	// Languages lists the installed OCR languages.
	Languages() []string
	Close() error
}
