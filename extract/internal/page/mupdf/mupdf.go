// Package mupdf opens PDF files with go-fitz and adds what go-fitz lacks: text lines with their
// places, rendering to gray, form values and annotations, and errors instead of exit(1).
package mupdf

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unsafe"

	"github.com/gen2brain/go-fitz"
)

var (
	ErrOpen     = errors.New("MuPDF cannot open the file")
	ErrPassword = errors.New("a password is needed")
	ErrPage     = errors.New("MuPDF cannot read the page")
	ErrTooLarge = errors.New("over the limit")
	ErrMemory   = errors.New("it takes too much memory")
	errBridge   = errors.New("this go-fitz lacks a MuPDF call that is needed")
)

// maxChars bounds the text of one page before it is copied: 2 million characters cost 200 MB.
const maxChars = 2_000_000

// storeBytes bounds MuPDF's cache of fonts and images; the default of 256 MiB is for viewers.
const storeBytes = 48 << 20

// Document is an open file. It is not safe for concurrent use.
type Document struct {
	fitz     *fitz.Document
	ctx, doc unsafe.Pointer
	chars    []Char // of the last page, to be written over
	memory   memory
	pictures pictures
	path     string
	left     leftOut
	threaded bool // it has article threads
}

// Version is the version of the linked MuPDF.
func Version() string { return fitz.FzVersion }

// Open opens the PDF at path; a document with an empty user password is unlocked.
func Open(path string) (*Document, error) {
	if !ready() {
		return nil, errBridge
	}
	fitz.MaxStore = storeBytes
	f, err := fitz.New(path)
	if f == nil {
		return nil, fmt.Errorf("open: %w", ErrOpen)
	}
	d := &Document{fitz: f, path: path, left: leftOut{map[int]int{}, map[int]bool{}}}
	if err != nil && !errors.Is(err, fitz.ErrNeedsPassword) {
		d.closeFailed()
		return nil, fmt.Errorf("open: %w", ErrOpen)
	}
	// go-fitz keeps MuPDF's handles private; reading them is what lets both work on one document.
	v := reflect.ValueOf(f).Elem()
	ctx, doc := v.FieldByName("ctx"), v.FieldByName("doc")
	if !ctx.IsValid() || !doc.IsValid() {
		return nil, errBridge
	}
	d.ctx, d.doc = ctx.UnsafePointer(), doc.UnsafePointer()
	if err != nil && !d.unlockEmpty() {
		d.Close()
		return nil, ErrPassword
	}
	d.countMemory()
	d.watchPictures()
	d.installFonts()
	d.untag()
	d.findThreads()
	d.repairPages()
	return d, nil
}

// closeFailed frees what go-fitz leaves behind when it could not open a file; without a
// context there is nothing to free and its Close would crash.
func (d *Document) closeFailed() {
	if v := reflect.ValueOf(d.fitz).Elem().FieldByName("ctx"); v.IsValid() && !v.IsNil() {
		_ = d.fitz.Close()
	}
}

// Pages returns the number of pages, 0 when the page tree cannot be read.
func (d *Document) Pages() int { return max(0, d.count()) }

// Meta returns title and author from the file's metadata.
func (d *Document) Meta() (title, author string) {
	m := d.fitz.Metadata()
	return clean(m["title"]), clean(m["author"])
}

// clean cuts the NUL padding go-fitz leaves on metadata.
func clean(s string) string {
	s, _, _ = strings.Cut(s, "\x00")
	return strings.TrimSpace(strings.ToValidUTF8(s, ""))
}

// Close frees the document.
func (d *Document) Close() {
	_ = d.fitz.Close()
	d.memory.free()
	d.pictures.free()
}
