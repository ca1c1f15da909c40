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

typedef struct { bridge_rect r; int ticked; } bridge_place;

// bridge_ticked says that a field is a box or a button that is on.
static int bridge_ticked(fz_context *ctx, pdf_obj *field) {
	pdf_obj *type = pdf_dict_gets(ctx, field, "FT");
	if (!type) type = pdf_dict_gets(ctx, pdf_dict_gets(ctx, field, "Parent"), "FT");
	const char *state = pdf_to_name(ctx, pdf_dict_gets(ctx, field, "AS"));
	return !strcmp(pdf_to_name(ctx, type), "Btn") && *state && strcmp(state, "Off");
}

// bridge_places gives the places of page n's beads, or of its form fields, as the page is shown, and how many there are, at most max. The page
// is not loaded for it.
static int bridge_places(fz_context *ctx, fz_document *doc, int n, int fields, bridge_place *out, int max) {
	int volatile got = 0;
	TRY(ctx) {
		bridge_rect media;
		bridge_matrix m;
		pdf_obj *page = pdf_lookup_page_obj(ctx, pdf_document_from_fz_document(ctx, doc), n), *all = pdf_dict_gets(ctx, page, fields ? "Annots" : "B");
		pdf_page_obj_transform(ctx, page, &media, &m);
		int len = pdf_array_len(ctx, all);
		for (int i = 0; i < len && i < 20 * max && got < max; i++) {
			pdf_obj *one = pdf_array_get(ctx, all, i);
			if (fields && strcmp(pdf_to_name(ctx, pdf_dict_gets(ctx, one, "Subtype")), "Widget")) continue;
			bridge_rect r = pdf_to_rect(ctx, pdf_dict_gets(ctx, one, fields ? "Rect" : "R"));
			out[got].ticked = fields && bridge_ticked(ctx, one);
			bridge_rect *o = &out[got++].r; // two corners of it: pages are turned by right angles only
			o->x0 = m.a * r.x0 + m.c * r.y0 + m.e; o->y0 = m.b * r.x0 + m.d * r.y0 + m.f;
			o->x1 = m.a * r.x1 + m.c * r.y1 + m.e; o->y1 = m.b * r.x1 + m.d * r.y1 + m.f;
		}
	} CATCH(ctx) {}
	return got;
}
*/
import "C"

// Place is a part of a page, in points from the page's top left corner.
type Place struct {
	X0, Y0, X1, Y1 float64
	Ticked         bool // it is a box or a button that is on
}

// maxPlaces is more than the pieces of text, and the fields, on any page for people.
const maxPlaces = 500

// findThreads notes whether the document has article threads (ISO 32000-1, 12.4.3), by which its writer says in what order its text is read.
func (d *Document) findThreads() { d.threaded = C.bridge_threaded(d.cctx(), d.cdoc()) != 0 }

// beads lists the beads of page i in the order in which they are read; box is what the page shows. None is no error: they are a help.
func (d *Document) beads(i int, box [4]float64) []Place {
	if !d.threaded {
		return nil
	}
	return d.places(i, box, 0)
}

// fields lists where the form fields of page i are, as beads lists beads.
func (d *Document) fields(i int, box [4]float64) []Place {
	if C.bridge_placed() == 0 {
		return nil
	}
	return d.places(i, box, 1)
}

func (d *Document) places(i int, box [4]float64, fields C.int) []Place {
	var all [maxPlaces]C.bridge_place
	var out []Place
	for _, p := range all[:C.bridge_places(d.cctx(), d.cdoc(), C.int(i), fields, &all[0], maxPlaces)] {
		r := p.r
		x0, x1, y0, y1 := float64(r.x0)-box[0], float64(r.x1)-box[0], float64(r.y0)-box[1], float64(r.y1)-box[1]
		out = append(out, Place{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), p.ticked != 0})
	}
	return out
}
