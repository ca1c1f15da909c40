package mupdf

/*
#include "bridge.h"

static int bridge_ready(void) {
	return fz_push_try && fz_do_try && fz_do_always && fz_do_catch && fz_count_pages && fz_authenticate_password &&
		fz_load_page && fz_drop_page && fz_bound_page && fz_run_page && fz_run_page_contents && fz_new_stext_page && fz_drop_stext_page &&
		fz_new_stext_device && fz_new_draw_device && fz_close_device && fz_drop_device && fz_new_pixmap_with_bbox_and_data && fz_drop_pixmap && fz_clear_pixmap_with_value &&
		fz_pixmap_samples && fz_pixmap_stride && fz_device_gray && fz_enable_icc && fz_disable_icc && fz_new_base14_font && fz_install_load_system_font_funcs &&
		pdf_document_from_fz_document && pdf_was_repaired && pdf_trailer && pdf_dict_gets && pdf_dict_dels && pdf_page_from_fz_page && pdf_first_annot && pdf_next_annot && pdf_annot_contents && pdf_annot_author &&
		fz_get_glyph_name && fz_font_is_bold && fz_font_is_monospaced && pdf_annot_has_author && pdf_first_widget && pdf_next_widget && pdf_annot_field_value && pdf_annot_field_label &&
		pdf_is_array && pdf_array_len && pdf_array_get && pdf_array_delete && pdf_dict_len && pdf_dict_get_key && pdf_to_name && pdf_to_num && pdf_to_text_string && pdf_lookup_page_obj && pdf_obj_num_is_stream && pdf_open_stream_number && fz_read && fz_drop_stream && bridge_forms_ready();
}

// go-fitz brings no CJK fonts, and MuPDF gives up the text of a font it cannot replace. Any font
// will do: the characters come from the encoding, only the drawn shapes are lost.
static fz_font *bridge_any_font(fz_context *ctx, const char *name, int bold, int italic, int exact) { return NULL; }
static fz_font *bridge_any_cjk(fz_context *ctx, const char *name, int ordering, int serif) { return fz_new_base14_font(ctx, "Helvetica"); }
static fz_font *bridge_any_fallback(fz_context *ctx, int script, int language, int serif, int bold, int italic) { return NULL; }
static void bridge_fonts(fz_context *ctx) { fz_install_load_system_font_funcs(ctx, bridge_any_font, bridge_any_cjk, bridge_any_fallback); }

// bridge_notes lists annotations ("A", author, contents), form fields ("W", label, value) and of these boxes and buttons ("B") as
// records of three parts, each ended by 0x1f. What is shown nowhere is left out.
static int bridge_notes(fz_context *ctx, fz_document *doc, int n, bridge_text *out) {
	fz_page *volatile page = NULL;
	int volatile ok = 0;
	TRY(ctx) {
		page = fz_load_page(ctx, doc, n);
		pdf_page *pp = pdf_page_from_fz_page(ctx, page);
		if (pp) {
			int left = BRIDGE_NOTES;
			for (pdf_annot *a = pdf_first_annot(ctx, pp); a && left-- > 0; a = pdf_next_annot(ctx, a)) {
				if (bridge_unseen(ctx, pdf_annot_obj(ctx, a))) continue;
				bridge_add(out, "A", 0x1f);
				bridge_add(out, pdf_annot_has_author(ctx, a) ? pdf_annot_author(ctx, a) : "", 0x1f);
				bridge_add(out, pdf_annot_contents(ctx, a), 0x1f);
			}
			left = BRIDGE_NOTES;
			for (pdf_annot *a = pdf_first_widget(ctx, pp); a && left-- > 0; a = pdf_next_widget(ctx, a)) {
				pdf_obj *field = pdf_annot_obj(ctx, a);
				int kind = bridge_field_kind(ctx, field);
				if (kind == BRIDGE_UNSEEN) continue;
				bridge_add(out, kind == BRIDGE_BUTTON || kind == BRIDGE_ON ? "B" : "W", 0x1f);
				bridge_add(out, pdf_annot_field_label(ctx, a), 0x1f);
				if (kind == BRIDGE_CHOICE) bridge_add_value(ctx, field, out, 0x1f);
				else bridge_add(out, pdf_annot_field_value(ctx, a), 0x1f);
			}
		}
		ok = 1;
	} ALWAYS(ctx) {
		fz_drop_page(ctx, page);
	} CATCH(ctx) { ok = 0; }
	return ok;
}

static int bridge_count(fz_context *ctx, fz_document *doc) {
	int volatile n = -1;
	TRY(ctx) { n = fz_count_pages(ctx, doc); } CATCH(ctx) { n = -1; }
	return n;
}

// bridge_untag forgets the structure tree, in memory only. For each tagged word MuPDF walks the
// tree's siblings from the first: minutes on long tagged pages, for a structure that is not used here.
static void bridge_untag(fz_context *ctx, fz_document *doc) {
	TRY(ctx) {
		pdf_document *pdf = pdf_document_from_fz_document(ctx, doc);
		pdf_obj *root = bridge_root(ctx, pdf);
		if (root && pdf_dict_gets(ctx, root, "StructTreeRoot")) pdf_dict_dels(ctx, root, "StructTreeRoot");
	} CATCH(ctx) {}
}

static int bridge_repaired(fz_context *ctx, fz_document *doc) {
	int volatile yes = 0;
	TRY(ctx) {
		pdf_document *pdf = pdf_document_from_fz_document(ctx, doc);
		yes = pdf && pdf_was_repaired(ctx, pdf);
	} CATCH(ctx) { yes = 1; }
	return yes;
}

static int bridge_unlock(fz_context *ctx, fz_document *doc) {
	int volatile ok = 0;
	TRY(ctx) { ok = fz_authenticate_password(ctx, doc, ""); } CATCH(ctx) { ok = 0; }
	return ok;
}

static int bridge_bounds(fz_context *ctx, fz_document *doc, int n, bridge_rect *out) {
	fz_page *volatile page = NULL;
	int volatile ok = 0;
	TRY(ctx) {
		page = fz_load_page(ctx, doc, n);
		*out = fz_bound_page(ctx, page);
		ok = 1;
	} ALWAYS(ctx) {
		fz_drop_page(ctx, page);
	} CATCH(ctx) { ok = 0; }
	return ok;
}

// bridge_gray renders the page, annotations and form fields included, into w*h gray bytes.
// bare leaves these out. Where drawing ends by an error, which ended then is, dst has what was drawn until then.
static int bridge_gray(fz_context *ctx, fz_document *doc, int n, float zoom, int w, int h, unsigned char *dst, int bare, int *ended) {
	fz_page *volatile page = NULL;
	fz_pixmap *volatile pix = NULL;
	fz_device *volatile dev = NULL;
	int volatile ok = 0;
	TRY(ctx) {
		fz_enable_icc(ctx);
		page = fz_load_page(ctx, doc, n);
		bridge_rect r = fz_bound_page(ctx, page);
		bridge_matrix m = {zoom, 0, 0, zoom, -r.x0 * zoom, -r.y0 * zoom};
		bridge_matrix unit = {1, 0, 0, 1, 0, 0};
		bridge_irect box = {0, 0, w, h};
		pix = fz_new_pixmap_with_bbox_and_data(ctx, fz_device_gray(ctx), box, NULL, 0, dst);
		fz_clear_pixmap_with_value(ctx, pix, 0xff);
		dev = fz_new_draw_device(ctx, m, pix);
		TRY(ctx) {
			(bare ? fz_run_page_contents : fz_run_page)(ctx, page, dev, unit, NULL);
			fz_close_device(ctx, dev);
		} CATCH(ctx) { *ended = 1; }
		ok = fz_pixmap_samples(ctx, pix) == dst && fz_pixmap_stride(ctx, pix) == w;
	} ALWAYS(ctx) {
		fz_drop_device(ctx, dev);
		fz_drop_pixmap(ctx, pix);
		fz_drop_page(ctx, page);
	} CATCH(ctx) { ok = 0; }
	return ok;
}
*/
import "C"

import (
	"fmt"
	"image"
	"math"
	"strings"
	"unsafe"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
)

func ready() bool { return C.bridge_ready() != 0 }

func (d *Document) count() int {
	return int(C.bridge_count(d.cctx(), d.cdoc()))
}

func (d *Document) unlockEmpty() bool {
	return C.bridge_unlock(d.cctx(), d.cdoc()) != 0
}

// Repaired says that MuPDF found the file's structure broken and put it together again.
func (d *Document) Repaired() bool { return C.bridge_repaired(d.cctx(), d.cdoc()) != 0 }

func (d *Document) untag() { C.bridge_untag(d.cctx(), d.cdoc()) }

func (d *Document) cctx() *C.fz_context  { return (*C.fz_context)(d.ctx) }
func (d *Document) cdoc() *C.fz_document { return (*C.fz_document)(d.doc) }

// Size returns the page's size in points. i starts at 0.
func (d *Document) Size(i int) (w, h float64, err error) {
	var r C.bridge_rect
	if C.bridge_bounds(d.cctx(), d.cdoc(), C.int(i), &r) == 0 {
		return 0, 0, fmt.Errorf("load page %d: %w", i+1, ErrPage)
	}
	return float64(r.x1 - r.x0), float64(r.y1 - r.y0), nil
}

// Note is an annotation's text or a form field's value.
type Note struct {
	Field  bool
	Button bool   // it is a field to be ticked
	Author string // or the field's label
	Text   string
}

// Notes lists the annotations and form fields of page i that hold text.
func (d *Document) Notes(i int) ([]Note, error) {
	var t C.bridge_text
	ok := C.bridge_notes(d.cctx(), d.cdoc(), C.int(i), &t)
	defer C.free(unsafe.Pointer(t.p))
	parts := strings.Split(strings.ToValidUTF8(C.GoStringN(t.p, C.int(t.n)), ""), "\x1f")
	var out []Note
	for len(parts) >= 3 {
		n := Note{Field: parts[0] != "A", Button: parts[0] == "B", Author: strings.TrimSpace(parts[1]), Text: strings.TrimSpace(parts[2])}
		if n.Text != "" {
			out = append(out, n)
		}
		parts = parts[3:]
	}
	if ok == 0 {
		return out, fmt.Errorf("read notes of page %d: %w", i+1, ErrPage)
	}
	return out, nil
}

func (d *Document) installFonts() { C.bridge_fonts(d.cctx()) }

// Gray renders page i (from 0) at dpi dots per inch. It refuses a picture of more than maxPixels
// before MuPDF allocates it: MuPDF ends the process when it cannot. A page for which MuPDF takes very much memory is ErrMemory.
func (d *Document) Gray(i int, dpi float64, maxPixels int) (*image.Gray, error) {
	g, short, err := d.gray(i, dpi, maxPixels, drawnBound)
	if err == nil && short {
		return nil, fmt.Errorf("render page %d: %w", i+1, ErrMemory)
	}
	return g, err
}

// GrayAnyway is Gray without that bound.
func (d *Document) GrayAnyway(i int, dpi float64, maxPixels int) (*image.Gray, error) {
	g, _, err := d.gray(i, dpi, maxPixels, bound{})
	return g, err
}

// GrayPart is Gray of a page for which MuPDF would take more memory than that: as much of it as is drawn until there is no more, which cut says.
func (d *Document) GrayPart(i int, dpi float64, maxPixels int) (g *image.Gray, cut bool, err error) {
	return d.gray(i, dpi, maxPixels, partBound)
}

// gray draws a page within b; short says that this was too little for all that is on it.
func (d *Document) gray(i int, dpi float64, maxPixels int, b bound) (img *image.Gray, short bool, err error) {
	pw, ph, err := d.Size(i)
	if err != nil {
		return nil, false, err
	}
	fw, fh := math.Ceil(pw*dpi/72), math.Ceil(ph*dpi/72)
	if !(fw >= 1 && fh >= 1) || fw*fh > float64(maxPixels) || fw > 30000 || fh > 30000 {
		return nil, false, fmt.Errorf("page %d is %.0f x %.0f pt: %w", i+1, pw, ph, ErrTooLarge)
	}
	giveBack(b != drawnBound) // it took much before
	img = raster.NewGray(image.Rect(0, 0, int(fw), int(fh)))
	bare := d.leaveOut(i)
	var ok, ended C.int
	if b.bytes > 0 {
		b.bytes = max(1, b.bytes-len(img.Pix)) // into which MuPDF draws
	}
	short = d.memory.within(b, func() {
		ok = C.bridge_gray(d.cctx(), d.cdoc(), C.int(i), C.float(dpi/72), C.int(fw), C.int(fh), (*C.uchar)(unsafe.Pointer(&img.Pix[0])), C.int(truth(bare)), &ended)
	})
	if short {
		d.renew()
	}
	switch {
	case short && ok == 0:
		return nil, true, fmt.Errorf("render page %d: %w", i+1, ErrMemory)
	case ok == 0 || ended != 0 && !short:
		return nil, short, fmt.Errorf("render page %d: %w", i+1, ErrPage)
	}
	return img, short, nil
}
