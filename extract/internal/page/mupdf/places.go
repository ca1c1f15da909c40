package mupdf

/*
#include "bridge.h"

WEAK bridge_rect pdf_to_rect(fz_context *, pdf_obj *);
WEAK void pdf_page_obj_transform(fz_context *, pdf_obj *, bridge_rect *, bridge_matrix *);

static int bridge_placed(void) { return pdf_to_rect && pdf_page_obj_transform; }

static int bridge_threaded(fz_context *ctx, fz_document *doc) {
	int volatile yes = 0;
	TRY(ctx) {
		pdf_document *pdf = pdf_document_from_fz_document(ctx, doc);
		pdf_obj *root = bridge_root(ctx, pdf);
		yes = bridge_placed() && root && pdf_array_len(ctx, pdf_dict_gets(ctx, root, "Threads")) > 0;
	} CATCH(ctx) { yes = 0; }
	return yes;
}

typedef struct { bridge_rect r; int kind; } bridge_place;

// bridge_places gives the places of page n's beads, or of its form fields, as the page is shown, and how many there are, at most max. The page
// is not loaded for it. words gets the label and the value of each field.
static int bridge_places(fz_context *ctx, fz_document *doc, int n, int fields, bridge_place *out, int max, bridge_text *words) {
	int volatile got = 0;
	TRY(ctx) {
		bridge_rect media;
		bridge_matrix m;
		pdf_obj *page = pdf_lookup_page_obj(ctx, pdf_document_from_fz_document(ctx, doc), n), *all = pdf_dict_gets(ctx, page, fields ? "Annots" : "B");
		pdf_page_obj_transform(ctx, page, &media, &m);
		int len = pdf_array_len(ctx, all);
		for (int i = 0; i < len && i < 20 * max && got < max; i++) {
			pdf_obj *one = pdf_array_get(ctx, all, i);
			if (fields) {
				if (strcmp(pdf_to_name(ctx, pdf_dict_gets(ctx, one, "Subtype")), "Widget")) continue;
				if ((out[got].kind = bridge_field_kind(ctx, one)) == BRIDGE_UNSEEN) continue;
				bridge_add_label(ctx, one, words, 0x1f);
				bridge_add_value(ctx, one, words, 0x1f);
			}
			bridge_rect r = pdf_to_rect(ctx, pdf_dict_gets(ctx, one, fields ? "Rect" : "R"));
			bridge_rect *o = &out[got++].r; // two corners of it: pages are turned by right angles only
			o->x0 = m.a * r.x0 + m.c * r.y0 + m.e; o->y0 = m.b * r.x0 + m.d * r.y0 + m.f;
			o->x1 = m.a * r.x1 + m.c * r.y1 + m.e; o->y1 = m.b * r.x1 + m.d * r.y1 + m.f;
		}
	} CATCH(ctx) {}
	return got;
}
*/
import "C"

import (
	"strings"
	"unsafe"
)

// Place is a part of a page, in points from the page's top left corner.
type Place struct {
	X0, Y0, X1, Y1 float64
}

// Field is a field of a form that people see.
type Field struct {
	Place
	Ticked bool   // it is a box or a button that is on
	Choice bool   // one of its choices is its value, or several are
	Label  string // what its writer calls it
	Value  string // as it is shown; lines, or choices, are parted by line breaks
}

// MaxPlaces is more than the pieces of text, and the fields, on any page for people.
const MaxPlaces = 500

// findThreads notes whether the document has article threads (ISO 32000-1, 12.4.3), by which its writer says in what order its text is read.
func (d *Document) findThreads() { d.threaded = C.bridge_threaded(d.cctx(), d.cdoc()) != 0 }

// beads lists the beads of page i in the order in which they are read; box is what the page shows. None is no error: they are a help.
func (d *Document) beads(i int, box [4]float64) (out []Place) {
	if !d.threaded {
		return nil
	}
	var all [MaxPlaces]C.bridge_place
	for _, p := range all[:C.bridge_places(d.cctx(), d.cdoc(), C.int(i), 0, &all[0], MaxPlaces, nil)] {
		out = append(out, placeOf(p, box))
	}
	return out
}

// fields lists the form fields of page i, as beads lists beads.
func (d *Document) fields(i int, box [4]float64) (out []Field) {
	if C.bridge_placed() == 0 {
		return nil
	}
	var t C.bridge_text
	defer func() { C.free(unsafe.Pointer(t.p)) }()
	var all [MaxPlaces]C.bridge_place
	found := all[:C.bridge_places(d.cctx(), d.cdoc(), C.int(i), 1, &all[0], MaxPlaces, &t)]
	words := strings.Split(strings.ToValidUTF8(C.GoStringN(t.p, C.int(t.n)), ""), "\x1f")
	for k, p := range found {
		f := Field{Place: placeOf(p, box), Ticked: p.kind == C.BRIDGE_ON, Choice: p.kind == C.BRIDGE_CHOICE}
		if len(words) == 2*len(found)+1 { // no word holds the separator
			f.Label, f.Value = strings.TrimSpace(words[2*k]), strings.TrimSpace(words[2*k+1])
		}
		out = append(out, f)
	}
	return out
}

func placeOf(p C.bridge_place, box [4]float64) Place {
	r := p.r
	x0, x1, y0, y1 := float64(r.x0)-box[0], float64(r.x1)-box[0], float64(r.y0)-box[1], float64(r.y1)-box[1]
	return Place{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)}
}
