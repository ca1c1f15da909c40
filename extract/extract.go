// Package extract turns one file of unknown and possibly hostile content into pages of text.
//
// The package never opens a socket. Files are read in child processes of the same binary
// (see Worker), so a crash, a hang or a memory bomb in a C library costs one child and one
// page, never the agent.
package extract

import (
	"context"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// What is read is described in the words of the rooms below; these are the names by which callers know it.
type (
	// Document describes the opened file.
	Document = doc.Info
	// Page is one page of a document. Number starts at 1. Err is set when this page alone could not be read.
	Page = doc.Page
	// Method says how the text of a page was obtained.
	Method = doc.Method
	// Mark says what lines From to To-1 of a page's text are, counted from 0.
	Mark = doc.Mark
	// Error is the reason why a file or a page could not be read: a code, a sentence for the person who uploaded the file, and
	// whether trying again, here or elsewhere, may succeed (Transient).
	Error = doc.Fail
)

// Methods of pages.
const (
	MethodText  = doc.MethodText
	MethodOCR   = doc.MethodOCR
	MethodEmpty = doc.MethodEmpty
)

// Kinds of marks.
const (
	MarkTable   = doc.MarkTable
	MarkHeading = doc.MarkHeading
	MarkHeader  = doc.MarkHeader
	MarkFooter  = doc.MarkFooter
)

type Scan = doc.Scan
type Code = doc.Code

const maxLevel = doc.MaxLevel

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
