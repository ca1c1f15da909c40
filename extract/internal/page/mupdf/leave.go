package mupdf

// #include "bridge.h"
import "C"

// leftOut is what is left out of pages that nobody could read otherwise, by their numbers; it is so again when the document is opened anew.
type leftOut struct {
	notes map[int]int  // how many annotations
	fonts map[int]bool // fonts
}

// leaveOut prepares page i for being loaded: what is left out of it is. bare says that there are more annotations on it than are loaded: what they
// show is left out too, for their words are read one by one.
func (d *Document) leaveOut(i int) (bare bool) {
	if n := int(C.bridge_fewer_notes(d.cctx(), d.cdoc(), C.int(i))); n > 0 {
		d.left.notes[i] = n
	}
	if d.left.fonts[i] {
		C.bridge_fewer_fonts(d.cctx(), d.cdoc(), C.int(i))
	}
	C.bridge_plain_fields(d.cctx(), d.cdoc(), C.int(i))
	return d.left.notes[i] > 0
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// fewerFonts leaves most fonts of a page with very many out; false for any other page, and where it was done before.
func (d *Document) fewerFonts(i int) bool {
	if d.left.fonts[i] || C.bridge_fewer_fonts(d.cctx(), d.cdoc(), C.int(i)) == 0 {
		return false
	}
	d.left.fonts[i] = true
	return true
}

// renew opens the file once more in the place of what is open: after a page that takes very much memory that is the one way to be rid of what
// MuPDF keeps of it. Where the file is no longer to be found all stays as it is.
func (d *Document) renew() {
	if fresh, err := Open(d.path); err == nil {
		d.fitz, fresh.fitz = fresh.fitz, d.fitz
		d.ctx, fresh.ctx = fresh.ctx, d.ctx
		d.doc, fresh.doc = fresh.doc, d.doc
		d.memory, fresh.memory = fresh.memory, d.memory
		if d.Undecoded() {
			fresh.pictures.c.padded = 1
		}
		d.pictures, fresh.pictures = fresh.pictures, d.pictures
		fresh.Close()
	}
	trim()
}
