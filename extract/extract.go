// Package extract turns one file of unknown and possibly hostile content into pages of text.
//
// The package never opens a socket. Files are read in child processes, of a program of their own (extract/reader)
// or of the same binary (see WorkerMain), so a crash, a hang or a memory bomb in a C library costs
// one child and one page, never the agent.
//
// This package is the door: the work is done in the rooms of extract/internal.
package extract

import (
	"context"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/pool"
)

// What is read is described by the types of the rooms; these are the names by which callers know them.
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
	// Options of one extraction. The zero value is usable.
	Options = pool.Options
	// Look is one page to be shown, Sight a picture of it.
	Look  = pool.Look
	Sight = doc.Sight
)

// Methods of pages.
const (
	MethodText  = doc.MethodText
	MethodOCR   = doc.MethodOCR
	MethodEmpty = doc.MethodEmpty
	// MethodVision is of pages that a model read from a picture: nothing in this package gives it.
	MethodVision = doc.MethodVision
)

// SightRules are what pictures of pages are made by, beside Extractor.Version.
const SightRules = pool.SightRules

// SightSide is the longest side of such a picture, in pixels.
const SightSide = pool.SightSide

// Kinds of marks.
const (
	MarkTable   = doc.MarkTable
	MarkHeading = doc.MarkHeading
	MarkHeader  = doc.MarkHeader
	MarkFooter  = doc.MarkFooter
	MarkAside   = doc.MarkAside
)

// Codes that callers give or ask for themselves; the whole list is in extract/internal/doc and docs/operations.md.
const (
	CodeNoText          = doc.CodeNoText
	CodeLanguageMissing = doc.CodeLanguageMissing
	CodeTimeout         = doc.CodeTimeout
	CodeInternal        = doc.CodeInternal
)

// ValidPage and ValidDocument say that pages and descriptions which were not read here (another agent's, out of a store) can be what this package
// returns. Whether they are of the file that they are said to be of nobody can tell by them.
func ValidPage(p Page) bool         { return pool.ValidPage(p) }
func ValidDocument(d Document) bool { return pool.ValidDocument(d) }

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
}

// Illustrator shows pages of files to whoever can read pictures. It is safe for concurrent use.
type Illustrator interface {
	// Pictures gives pictures of pages of the file at path, in the order of looks, one at a time; pages that there is no picture of
	// (blank ones, and those that are more than a picture) without one. It returns an *Error where the file cannot be opened.
	Pictures(ctx context.Context, path string, opts Options, looks []Look, give func(Sight) error) error
}
