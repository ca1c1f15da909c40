package mupdf

/*
#include "bridge.h"

WEAK bridge_rect pdf_to_rect(fz_context *, pdf_obj *);
WEAK void pdf_page_obj_transform(fz_context *, pdf_obj *, bridge_rect *, bridge_matrix *);
WEAK float pdf_to_real(fz_context *, pdf_obj *);

static int bridge_links_ready(void) { return pdf_to_rect && pdf_page_obj_transform && pdf_to_real; }

// A part of a link's area, and which address it is.
typedef struct { bridge_rect r; int uri; } bridge_area;

static void area_add(bridge_area *out, int *got, int uri, bridge_matrix m, float x0, float y0, float x1, float y1) {
	bridge_area *o = &out[(*got)++]; // two corners of it: pages are turned by right angles only
	o->uri = uri;
	o->r.x0 = m.a * x0 + m.c * y0 + m.e; o->r.y0 = m.b * x0 + m.d * y0 + m.f;
	o->r.x1 = m.a * x1 + m.c * y1 + m.e; o->r.y1 = m.b * x1 + m.d * y1 + m.f;
}

// bridge_links gives the areas of page n that lead to an address, as the page is shown, and how many there are, at most max; words gets the
// addresses, at most uris. The page is not loaded for it.
static int bridge_links(fz_context *ctx, fz_document *doc, int n, bridge_area *out, int max, int uris, bridge_text *words) {
	int volatile got = 0;
	TRY(ctx) {
		bridge_rect media;
		bridge_matrix m;
		pdf_document *pdf = pdf_document_from_fz_document(ctx, doc);
		pdf_obj *page = pdf ? pdf_lookup_page_obj(ctx, pdf, n) : NULL, *all = pdf_dict_gets(ctx, page, "Annots");
		int len = pdf_array_len(ctx, all), uri = 0, count = 0;
		if (len > 0) pdf_page_obj_transform(ctx, page, &media, &m);
		for (int i = 0; i < len && i < BRIDGE_NOTES && count < max && uri < uris; i++) {
			pdf_obj *one = pdf_array_get(ctx, all, i), *action, *quads;
			if (strcmp(pdf_to_name(ctx, pdf_dict_gets(ctx, one, "Subtype")), "Link") || bridge_unseen(ctx, one)) continue;
			action = pdf_dict_gets(ctx, one, "A");
			if (strcmp(pdf_to_name(ctx, pdf_dict_gets(ctx, action, "S")), "URI")) continue;
			bridge_add(words, pdf_to_text_string(ctx, pdf_dict_gets(ctx, action, "URI")), 0x1f);
			quads = pdf_dict_gets(ctx, one, "QuadPoints"); // of a link over several lines
			int corners = pdf_array_len(ctx, quads) / 8;
			for (int q = 0; q < corners && count < max; q++) {
				float x0 = INT_MAX, y0 = INT_MAX, x1 = INT_MIN, y1 = INT_MIN;
				for (int k = 0; k < 8; k += 2) {
					float x = pdf_to_real(ctx, pdf_array_get(ctx, quads, 8 * q + k)), y = pdf_to_real(ctx, pdf_array_get(ctx, quads, 8 * q + k + 1));
					if (x < x0) x0 = x;
					if (x > x1) x1 = x;
					if (y < y0) y0 = y;
					if (y > y1) y1 = y;
				}
				area_add(out, &count, uri, m, x0, y0, x1, y1);
			}
			if (corners == 0) {
				bridge_rect r = pdf_to_rect(ctx, pdf_dict_gets(ctx, one, "Rect"));
				area_add(out, &count, uri, m, r.x0, r.y0, r.x1, r.y1);
			}
			uri++;
			got = count;
		}
	} CATCH(ctx) {}
	return got;
}
*/
import "C"

import (
	"strings"
	"unicode/utf8"
	"unsafe"
)

// Link is where words of a page lead.
type Link struct {
	Text   string // as it is drawn; "" where nothing but a picture stands there
	Target string
}

const (
	maxLinks    = 200  // of a page that are looked at
	maxLinkText = 1000 // bytes
	// linkWork bounds how often it is looked whether a line stands in an area.
	linkWork = 20_000_000
)

// links gives the links of page i that lead to an address, with the words of r that stand on them. A link over several lines is often one
// for each; these are put together.
func (d *Document) links(i int, r *rawPage) (out []Link) {
	if C.bridge_links_ready() == 0 {
		return nil
	}
	var t C.bridge_text
	defer func() { C.free(unsafe.Pointer(t.p)) }()
	var all [MaxPlaces]C.bridge_area
	found := all[:C.bridge_links(d.cctx(), d.cdoc(), C.int(i), &all[0], MaxPlaces, maxLinks, &t)]
	if len(found) == 0 {
		return nil
	}
	uris := strings.Split(strings.ToValidUTF8(C.GoStringN(t.p, C.int(t.n)), ""), "\x1f")
	var before area
	work := linkWork
	for k, f := range found {
		if int(f.uri) >= len(uris) {
			break // an address that holds the separator
		}
		a := area{min(f.r.x0, f.r.x1), min(f.r.y0, f.r.y1), max(f.r.x0, f.r.x1), max(f.r.y0, f.r.y1)}
		if work -= len(r.lines); work < 0 {
			break
		}
		text, uri := r.wordsOn(a), strings.TrimSpace(uris[f.uri])
		n := len(out) - 1
		switch {
		case n < 0 || uri != out[n].Target || f.uri != found[k-1].uri && !before.goesOn(a):
			out = append(out, Link{text, uri})
		case text != "" && len(out[n].Text) < maxLinkText:
			out[n].Text = strings.TrimSpace(out[n].Text + " " + text)
		}
		before = a
	}
	return out
}

// area is a part of a page in its own coordinates.
type area struct{ x0, y0, x1, y1 C.float }

// goesOn says that b is on the line below a, as the rest of a link is.
func (a area) goesOn(b area) bool {
	h := a.y1 - a.y0
	return b.y0 > a.y0+h/2 && b.y0 < a.y1+h && b.x0 < a.x1
}

// wordsOn is what is written on a part of the page, line by line.
func (r *rawPage) wordsOn(a area) string {
	var b []byte
	for _, l := range r.lines {
		if l.x1 < a.x0 || l.x0 > a.x1 || l.y1 < a.y0 || l.y0 > a.y1 || len(b) > maxLinkText {
			continue
		}
		said := false
		for _, c := range r.chars[l.first : l.first+l.count] {
			// A point within the letter, a little above the edge on which it stands.
			x, y := (c.x0+c.x1)/2+0.3*c.size*l.dy, (c.y0+c.y1)/2-0.3*c.size*l.dx
			if l.wmode == 1 {
				x, y = (c.x0+c.x1)/2, (c.y0+c.y1)/2-0.4*c.size
			}
			if x < a.x0 || x > a.x1 || y < a.y0 || y > a.y1 {
				continue
			}
			if !said && len(b) > 0 {
				b = append(b, ' ')
			}
			said = true
			if b = utf8.AppendRune(b, rune(c.c)); len(b) > maxLinkText {
				break
			}
		}
	}
	return strings.TrimSpace(string(b))
}
