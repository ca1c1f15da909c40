package mupdf

/*
#include "bridge.h"

// One character and one line, flat, so that Go reads a page in two slices. A page may have two million characters, which stand beside MuPDF's own.
typedef struct {
	int32_t c;
	uint8_t bidi, flags; // the lower half of MuPDF's
	uint16_t font;       // fewer than 1000
	float x0, y0, x1, y1; // the two ends of the character on its baseline edge
	float size;
} bridge_char;
typedef struct {
	int32_t block, first, count, wmode;
	float dx, dy;           // direction of the baseline
	float x0, y0, x1, y1;   // box
	float base, start;      // y and x of the first character's origin
} bridge_line;
typedef struct {
	bridge_char *chars;
	bridge_line *lines;
	bridge_rect *images;
	fz_font **fonts;
	uint8_t *styles; // of the fonts: 1 bold, 2 of one width
	int32_t nchars, nlines, nimages, nfonts;
	bridge_rect box;
	int32_t full; // more text than allowed: cut off
	int32_t ended; // by an error: what follows it is missing
	int32_t cropped; // less of the page is shown than it holds
	int32_t noted;   // it has annotations or form fields
	int32_t ruled;   // nothing is drawn on it but long straight lines
} bridge_page;

static void bridge_free(bridge_page *p) {
	free(p->chars);
	free(p->lines);
	free(p->images);
	free(p->fonts);
	free(p->styles);
}

static int bridge_font_index(bridge_page *p, fz_font *f, int *last) {
	if (*last >= 0 && p->fonts[*last] == f) return *last;
	for (int i = 0; i < p->nfonts; i++)
		if (p->fonts[i] == f) return *last = i;
	if (p->nfonts >= 1000) return *last = p->nfonts - 1;
	p->fonts[p->nfonts++] = f;
	return *last = p->nfonts - 1;
}

// bridge_copy counts, allocates once and fills. It returns 0 when memory is short.
static int bridge_copy(fz_stext_page *text, bridge_page *p, int max) {
	int nc = 0, nl = 0, ni = 0, last = -1;
	for (fz_stext_block *b = text->first_block; b; b = b->next) {
		if (b->type == 1) ni++;
		if (b->type != 0) continue;
		for (fz_stext_line *l = b->u.t.first_line; l; l = l->next) {
			nl++;
			for (fz_stext_char *c = l->first_char; c; c = c->next) nc++;
		}
	}
	if (nc > max) { nc = max; p->full = 1; }
	if (nl > max) { nl = max; p->full = 1; }
	if (ni > 10000) ni = 10000;
	p->chars = calloc(nc + 1, sizeof *p->chars);
	p->lines = calloc(nl + 1, sizeof *p->lines);
	p->images = calloc(ni + 1, sizeof *p->images);
	p->fonts = calloc(1000, sizeof *p->fonts);
	if (!p->chars || !p->lines || !p->images || !p->fonts) return 0;
	int block = 0;
	for (fz_stext_block *b = text->first_block; b; b = b->next, block++) {
		if (b->type == 1 && p->nimages < ni) p->images[p->nimages++] = b->bbox;
		if (b->type != 0) continue;
		for (fz_stext_line *l = b->u.t.first_line; l && p->nlines < nl; l = l->next) {
			bridge_line *o = &p->lines[p->nlines++];
			o->block = block;
			o->first = p->nchars;
			o->wmode = l->wmode;
			o->dx = l->dir.x;
			o->dy = l->dir.y;
			o->x0 = l->bbox.x0; o->y0 = l->bbox.y0; o->x1 = l->bbox.x1; o->y1 = l->bbox.y1;
			o->base = l->first_char ? l->first_char->origin.y : l->bbox.y1;
			o->start = l->first_char ? l->first_char->origin.x : l->bbox.x0;
			for (fz_stext_char *c = l->first_char; c && p->nchars < nc; c = c->next) {
				bridge_char *k = &p->chars[p->nchars++];
				k->c = c->c;
				k->bidi = c->bidi;
				k->flags = c->flags;
				k->x0 = c->quad.ll.x; k->y0 = c->quad.ll.y;
				k->x1 = c->quad.lr.x; k->y1 = c->quad.lr.y;
				k->size = c->size;
				k->font = bridge_font_index(p, c->font, &last);
			}
			o->count = p->nchars - o->first;
		}
	}
	return 1;
}

// bridge_counted stands before the structured text device, which takes some hundred bytes a character: text beyond the limit is not let
// through, and the page is not read on. A run of text counts as several characters, for the line that it may begin takes as much.
static const long bridge_run_cost = 4;
static __thread long bridge_left;
static __thread bridge_cookie bridge_stop;
static __thread struct { bridge_fill_text *fill; bridge_stroke_text *stroke; bridge_clip_text *clip; bridge_clip_stroke_text *clip_stroke; bridge_ignore_text *ignore; } bridge_to;

// bridge_names bounds how many unknown characters of a page are looked up by name.
static const int bridge_names = 100000;
static __thread int bridge_named;

static int bridge_lets(fz_context *ctx, const bridge_text_runs *t) {
	if (t->head) bridge_saw_text();
	for (bridge_text_run *s = t->head; s && bridge_left >= 0; s = s->next) bridge_left -= s->len + bridge_run_cost;
	if (bridge_left < 0) bridge_stop.abort = 1;
	else bridge_named += bridge_name_symbols(ctx, t->head, bridge_names - bridge_named);
	return bridge_left >= 0;
}
static void bridge_fill(fz_context *ctx, fz_device *dev, const bridge_text_runs *t, bridge_matrix m, fz_colorspace *cs, const float *color, float alpha, bridge_color_params p) {
	if (bridge_lets(ctx, t)) bridge_to.fill(ctx, dev, t, m, cs, color, alpha, p);
}
static void bridge_stroke(fz_context *ctx, fz_device *dev, const bridge_text_runs *t, const void *how, bridge_matrix m, fz_colorspace *cs, const float *color, float alpha, bridge_color_params p) {
	if (bridge_lets(ctx, t)) bridge_to.stroke(ctx, dev, t, how, m, cs, color, alpha, p);
}
static void bridge_clip(fz_context *ctx, fz_device *dev, const bridge_text_runs *t, bridge_matrix m, bridge_rect r) {
	if (bridge_lets(ctx, t)) bridge_to.clip(ctx, dev, t, m, r);
}
static void bridge_clip_stroke(fz_context *ctx, fz_device *dev, const bridge_text_runs *t, const void *how, bridge_matrix m, bridge_rect r) {
	if (bridge_lets(ctx, t)) bridge_to.clip_stroke(ctx, dev, t, how, m, r);
}
static void bridge_ignore(fz_context *ctx, fz_device *dev, const bridge_text_runs *t, bridge_matrix m) {
	if (bridge_lets(ctx, t)) bridge_to.ignore(ctx, dev, t, m);
}
static void bridge_counted(fz_device *device, int max) {
	bridge_device *d = (bridge_device *)device;
	bridge_left = max;
	bridge_named = 0;
	memset(&bridge_stop, 0, sizeof bridge_stop);
	bridge_to.fill = d->fill_text; bridge_to.stroke = d->stroke_text; bridge_to.clip = d->clip_text;
	bridge_to.clip_stroke = d->clip_stroke_text; bridge_to.ignore = d->ignore_text;
	if (d->fill_text) d->fill_text = bridge_fill;
	if (d->stroke_text) d->stroke_text = bridge_stroke;
	if (d->clip_text) d->clip_text = bridge_clip;
	if (d->clip_stroke_text) d->clip_stroke_text = bridge_clip_stroke;
	if (d->ignore_text) d->ignore_text = bridge_ignore;
}

// bridge_styles notes what is asked of fonts while their text is there.
static int bridge_styles(fz_context *ctx, bridge_page *p) {
	p->styles = calloc(p->nfonts + 1, 1);
	for (int i = 0; p->styles && i < p->nfonts; i++)
		if (p->fonts[i]) p->styles[i] = (fz_font_is_bold(ctx, p->fonts[i]) != 0) | (fz_font_is_monospaced(ctx, p->fonts[i]) != 0) << 1;
	return p->styles != NULL;
}

// bridge_read reads a page's characters. MuPDF's own form of them, twice as large, is gone when it returns.
// bare leaves out what annotations and form fields show.
static int bridge_read(fz_context *ctx, fz_document *doc, int n, int flags, int max, int bare, bridge_page *out) {
	fz_page *volatile page = NULL;
	fz_stext_page *volatile text = NULL;
	fz_device *volatile dev = NULL;
	int volatile ok = 0;
	bridge_stext_options opts;
	bridge_matrix unit = {1, 0, 0, 1, 0, 0};
	memset(&opts, 0, sizeof opts);
	opts.flags = flags;
	opts.scale = 1;
	memset(out, 0, sizeof *out);
	TRY(ctx) {
		// The device converts the colour of every run of text, which is not used here; through
		// colour profiles that costs more than the text of a short document.
		fz_disable_icc(ctx);
		page = fz_load_page(ctx, doc, n);
		out->box = fz_bound_page(ctx, page);
		if (fz_bound_page_box) {
			bridge_rect all = fz_bound_page_box(ctx, page, 0);
			out->cropped = all.x1 - all.x0 > out->box.x1 - out->box.x0 + 1 || all.y1 - all.y0 > out->box.y1 - out->box.y0 + 1;
		}
		pdf_page *pp = pdf_page_from_fz_page(ctx, page);
		out->noted = pp && (pdf_first_annot(ctx, pp) || pdf_first_widget(ctx, pp));
		text = fz_new_stext_page(ctx, out->box);
		dev = fz_new_stext_device(ctx, text, &opts);
		bridge_counted(dev, max);
		bridge_watch(dev);
		bridge_unbounded(1);
		TRY(ctx) {
			(bare ? fz_run_page_contents : fz_run_page)(ctx, page, dev, unit, &bridge_stop);
			fz_close_device(ctx, dev);
		} CATCH(ctx) { out->ended = 1; } // what was read until then is there
		bridge_unbounded(0);
		out->ruled = !out->ended && bridge_saw_lines_only();
		if (bridge_left < 0) out->full = 1;
		else ok = bridge_copy(text, out, max) && bridge_styles(ctx, out);
	} ALWAYS(ctx) {
		fz_drop_device(ctx, dev);
		fz_drop_stext_page(ctx, text);
		fz_drop_page(ctx, page);
	} CATCH(ctx) { ok = 0; }
	if (out->nchars > 200000) malloc_trim(0); // in small pieces, which would stay with this process
	return ok;
}

// For tests.
static long bridge_letters_left(void) { return bridge_left; }

// For the test that compares the layout with MuPDF's headers.
static void bridge_offsets(size_t *o) {
	*o++ = sizeof(fz_stext_char); *o++ = offsetof(fz_stext_char, quad); *o++ = offsetof(fz_stext_char, size);
	*o++ = offsetof(fz_stext_char, font); *o++ = offsetof(fz_stext_char, next);
	*o++ = sizeof(fz_stext_line); *o++ = offsetof(fz_stext_line, dir); *o++ = offsetof(fz_stext_line, bbox);
	*o++ = offsetof(fz_stext_line, first_char); *o++ = offsetof(fz_stext_line, next);
	*o++ = sizeof(fz_stext_block); *o++ = offsetof(fz_stext_block, u); *o++ = offsetof(fz_stext_block, next);
	*o++ = offsetof(fz_stext_page, first_block);
	*o++ = sizeof(bridge_cookie); *o++ = sizeof(bridge_color_params);
	*o++ = offsetof(bridge_device, fill_text); *o++ = offsetof(bridge_device, ignore_text);
	*o++ = offsetof(bridge_device, clip_image_mask); *o++ = bridge_walker_size();
	*o++ = offsetof(bridge_text_run, len); *o++ = offsetof(bridge_text_run, next); *o++ = offsetof(bridge_text_runs, head);
	*o++ = offsetof(bridge_text_run, items); *o++ = sizeof(bridge_text_item); *o++ = offsetof(bridge_text_item, gid); *o++ = offsetof(bridge_text_item, ucs);
	bridge_stream_offsets(o);
}
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"
)

// Flags of the structured text device and of a character, as MuPDF numbers them.
const (
	flagImages    = 4
	charSynthetic = 4 // a space MuPDF put in
	charBold      = 8
)

type font struct{ bold, mono bool }

// rawPage is a page's text as MuPDF gives it; chars and lines are only valid until done is called.
type rawPage struct {
	chars  []C.bridge_char
	lines  []C.bridge_line
	images []C.bridge_rect
	fonts  []font
	box    [4]float64
	// cropped says that the page holds more than is shown.
	cropped bool
	// noted says that it has annotations or form fields.
	noted bool
	// ruled says that nothing is drawn on it but straight lines longer than any letter.
	ruled bool
	// cut says that memory was short: text is missing, at the end where reading ended there.
	cut bool
	// unnoted is how many annotations were left out.
	unnoted int
	done    func()
}

// raw reads a page within the bounds. One that needs too much memory is read once more with fewer fonts, where it has very many.
func (d *Document) raw(i int) (*rawPage, error) { return d.rawWithin(i, textBound) }

func (d *Document) rawWithin(i int, b bound) (*rawPage, error) {
	r, err := d.rawOf(i, maxChars, b)
	if err == nil && !r.cut || err != nil && !errors.Is(err, ErrMemory) {
		return r, err
	}
	d.renew()
	if !d.fewerFonts(i) {
		return r, err
	}
	again, failed := d.rawOf(i, maxChars, b)
	if failed != nil {
		return r, err
	}
	if r != nil {
		r.done()
	}
	again.cut = true
	return again, nil
}

// rawOf reads a page of no more than so many characters, for which MuPDF takes no more memory than b; of a page that needs more it gives what
// was read until then.
func (d *Document) rawOf(i, most int, b bound) (*rawPage, error) {
	bare := d.leaveOut(i)
	var p C.bridge_page
	var ok C.int
	short := d.memory.within(b, func() {
		ok = C.bridge_read(d.cctx(), d.cdoc(), C.int(i), flagImages, C.int(most), C.int(truth(bare)), &p)
	})
	done := func() { C.bridge_free(&p) }
	if ok == 0 || p.full != 0 || p.ended != 0 && !short {
		done()
		switch {
		case p.full != 0:
			return nil, fmt.Errorf("text of page %d: %w", i+1, ErrTooLarge)
		case short:
			return nil, fmt.Errorf("text of page %d: %w", i+1, ErrMemory)
		}
		return nil, fmt.Errorf("read text of page %d: %w", i+1, ErrPage)
	}
	r := &rawPage{
		chars:   unsafe.Slice(p.chars, int(p.nchars)),
		lines:   unsafe.Slice(p.lines, int(p.nlines)),
		images:  unsafe.Slice(p.images, int(p.nimages)),
		box:     [4]float64{float64(p.box.x0), float64(p.box.y0), float64(p.box.x1), float64(p.box.y1)},
		cropped: p.cropped != 0,
		noted:   p.noted != 0,
		ruled:   p.ruled != 0,
		cut:     short,
		unnoted: d.left.notes[i],
		done:    done,
	}
	for k := range int(p.nfonts) {
		s := unsafe.Slice(p.styles, int(p.nfonts))[k]
		r.fonts = append(r.fonts, font{bold: s&1 != 0, mono: s&2 != 0})
	}
	return r, nil
}

// layoutOffsets is what this package assumes of MuPDF's structures.
func layoutOffsets() []int {
	var o [30]C.size_t
	C.bridge_offsets(&o[0])
	out := make([]int, len(o))
	for i, v := range o {
		out[i] = int(v)
	}
	return out
}

// lettersLeft is what was left of the limit on the page that this thread read last, below 0 where it was not enough.
func lettersLeft() int { return int(C.bridge_letters_left()) }

// symbolOf is the character that a glyph shows by its name, 0 where it is not known.
func symbolOf(name string) rune {
	s := C.CString(name)
	defer C.free(unsafe.Pointer(s))
	return rune(C.bridge_symbol(s))
}

// symbolsUnsorted is a name that stands before a lesser one in the table, "" where there is none.
func symbolsUnsorted() string { return C.GoString(C.bridge_symbols_unsorted()) }
