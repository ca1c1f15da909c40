package mupdf

/*
#include "bridge.h"

WEAK bridge_rect pdf_to_rect(fz_context *, pdf_obj *);
WEAK void pdf_page_obj_transform(fz_context *, pdf_obj *, bridge_rect *, bridge_matrix *);

static int bridge_threaded(fz_context *ctx, fz_document *doc) {
	int volatile yes = 0;
	TRY(ctx) {
		pdf_document *pdf = pdf_document_from_fz_document(ctx, doc);
		pdf_obj *root = bridge_root(ctx, pdf);
		yes = pdf_to_rect && pdf_page_obj_transform && root && pdf_array_len(ctx, pdf_dict_gets(ctx, root, "Threads")) > 0;
	} CATCH(ctx) { yes = 0; }
	return yes;
}

// bridge_beads gives the places of page n's beads, as the page is shown, and how many there are, at most max. The page is not loaded for it.
static int bridge_beads(fz_context *ctx, fz_document *doc, int n, bridge_rect *out, int max) {
	int volatile got = 0;
	TRY(ctx) {
		bridge_rect media;
		bridge_matrix m;
		pdf_obj *page = pdf_lookup_page_obj(ctx, pdf_document_from_fz_document(ctx, doc), n), *beads = pdf_dict_gets(ctx, page, "B");
		pdf_page_obj_transform(ctx, page, &media, &m);
		int len = pdf_array_len(ctx, beads);
		for (int i = 0; i < len && i < max; i++) {
			bridge_rect r = pdf_to_rect(ctx, pdf_dict_gets(ctx, pdf_array_get(ctx, beads, i), "R"));
			bridge_rect *o = &out[got++]; // two corners of it: pages are turned by right angles only
			o->x0 = m.a * r.x0 + m.c * r.y0 + m.e; o->y0 = m.b * r.x0 + m.d * r.y0 + m.f;
			o->x1 = m.a * r.x1 + m.c * r.y1 + m.e; o->y1 = m.b * r.x1 + m.d * r.y1 + m.f;
		}
	} CATCH(ctx) {}
	return got;
}
*/
import "C"

// Bead is the place of one piece of an article on a page, in points from the page's top left corner.
type Bead struct{ X0, Y0, X1, Y1 float64 }

// maxBeads is more than the pieces of text on any page for people.
const maxBeads = 500

// findThreads notes whether the document has article threads (ISO 32000-1, 12.4.3), by which its writer says in what order its text is read.
func (d *Document) findThreads() { d.threaded = C.bridge_threaded(d.cctx(), d.cdoc()) != 0 }

// beads lists the beads of page i in the order in which they are read; box is what the page shows. None is no error: they are a help.
func (d *Document) beads(i int, box [4]float64) []Bead {
	if !d.threaded {
		return nil
	}
	var rects [maxBeads]C.bridge_rect
	out := make([]Bead, 0, maxBeads)
	for _, r := range rects[:C.bridge_beads(d.cctx(), d.cdoc(), C.int(i), &rects[0], maxBeads)] {
		x0, x1, y0, y1 := float64(r.x0)-box[0], float64(r.x1)-box[0], float64(r.y0)-box[1], float64(r.y1)-box[1]
		out = append(out, Bead{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)})
	}
	return out
}
