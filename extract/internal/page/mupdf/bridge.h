// Declarations shared by the cgo parts of this package.
#ifndef AIDOC_BRIDGE_H
#define AIDOC_BRIDGE_H

#include <limits.h>
#include <malloc.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// MuPDF is linked by go-fitz, whose headers are not reachable from here. These are the few
// calls go-fitz does not offer. They are weak, so a go-fitz that drops one of them is found
// by bridge_ready at start instead of by the linker or by a jump to zero.
typedef struct fz_context fz_context;
typedef struct fz_document fz_document;
typedef struct fz_page fz_page;
typedef struct fz_device fz_device;
typedef struct fz_pixmap fz_pixmap;
typedef struct fz_colorspace fz_colorspace;
typedef struct fz_font fz_font;
typedef struct pdf_document pdf_document;
typedef struct pdf_obj pdf_obj;
typedef struct pdf_page pdf_page;
typedef struct pdf_annot pdf_annot;
typedef struct fz_stream fz_stream;
typedef fz_font *(bridge_font_fn)(fz_context *, const char *, int, int, int);
typedef fz_font *(bridge_cjk_fn)(fz_context *, const char *, int, int);
typedef fz_font *(bridge_fallback_fn)(fz_context *, int, int, int, int, int);
typedef struct { float x0, y0, x1, y1; } bridge_rect;
typedef struct { int x0, y0, x1, y1; } bridge_irect;
typedef struct { float a, b, c, d, e, f; } bridge_matrix;
typedef struct { int flags; float scale; bridge_rect clip; char reserved[128]; } bridge_stext_options;

// The structured text as MuPDF 1.28 lays it out in memory; a test compares it with go-fitz' headers.
typedef struct { float x, y; } bridge_point;
typedef struct { bridge_point ul, ur, ll, lr; } bridge_quad;
typedef struct fz_stext_char {
	int c;
	uint16_t bidi, flags;
	uint32_t argb;
	bridge_point origin;
	bridge_quad quad;
	float size;
	fz_font *font;
	struct fz_stext_char *next;
} fz_stext_char;
typedef struct fz_stext_line {
	uint8_t wmode, flags;
	bridge_point dir;
	bridge_rect bbox;
	fz_stext_char *first_char, *last_char;
	struct fz_stext_line *prev, *next;
} fz_stext_line;
typedef struct fz_stext_block {
	int type, id;
	bridge_rect bbox;
	union {
		struct { fz_stext_line *first_line, *last_line; int flags; } t;
		struct { bridge_matrix transform; void *image; } i;
		struct { void *down; int index; } s;
		struct { uint32_t flags, argb; } v;
		struct { void *xs, *ys, *info; } b;
	} u;
	struct fz_stext_block *prev, *next;
} fz_stext_block;
typedef struct {
	int refs;
	void *pool;
	bridge_rect mediabox;
	fz_stext_block *first_block, *last_block;
	void *last_struct, *id_list;
} fz_stext_page;

// Text on its way to a device, and the device's calls for it; the same test compares them.
typedef struct { int abort, progress; size_t progress_max; int errors, incomplete; } bridge_cookie;
typedef struct { uint8_t ri, bp, op, opm; } bridge_color_params;
typedef struct { float x, y, adv; int gid, ucs, cid; } bridge_text_item;
typedef struct bridge_text_run {
	fz_font *font;
	bridge_matrix trm;
	uint32_t how;
	int len, cap;
	bridge_text_item *items;
	struct bridge_text_run *next;
} bridge_text_run;
typedef struct { int refs; bridge_text_run *head, *tail; } bridge_text_runs;
typedef void (bridge_fill_text)(fz_context *, fz_device *, const bridge_text_runs *, bridge_matrix, fz_colorspace *, const float *, float, bridge_color_params);
typedef void (bridge_stroke_text)(fz_context *, fz_device *, const bridge_text_runs *, const void *, bridge_matrix, fz_colorspace *, const float *, float, bridge_color_params);
typedef void (bridge_clip_text)(fz_context *, fz_device *, const bridge_text_runs *, bridge_matrix, bridge_rect);
typedef void (bridge_clip_stroke_text)(fz_context *, fz_device *, const bridge_text_runs *, const void *, bridge_matrix, bridge_rect);
typedef void (bridge_ignore_text)(fz_context *, fz_device *, const bridge_text_runs *, bridge_matrix);
typedef struct {
	int refs, hints, flags;
	void (*close)(void), (*drop)(void);
	void (*fill_path)(fz_context *, fz_device *, const void *, int, bridge_matrix, fz_colorspace *, const float *, float, bridge_color_params);
	void (*stroke_path)(fz_context *, fz_device *, const void *, const void *, bridge_matrix, fz_colorspace *, const float *, float, bridge_color_params);
	void (*clip_path)(void), (*clip_stroke_path)(void);
	bridge_fill_text *fill_text;
	bridge_stroke_text *stroke_text;
	bridge_clip_text *clip_text;
	bridge_clip_stroke_text *clip_stroke_text;
	bridge_ignore_text *ignore_text;
	void (*fill_shade)(fz_context *, fz_device *, void *, bridge_matrix, float, bridge_color_params);
	void (*fill_image)(fz_context *, fz_device *, void *, bridge_matrix, float, bridge_color_params);
	void (*fill_image_mask)(fz_context *, fz_device *, void *, bridge_matrix, fz_colorspace *, const float *, float, bridge_color_params);
	void (*clip_image_mask)(fz_context *, fz_device *, void *, bridge_matrix, bridge_rect);
} bridge_device;

// ruled.c: whether there was nothing but long straight lines since a device was watched; text is told to it.
void bridge_watch(fz_device *);
void bridge_saw_text(void);
int bridge_saw_lines_only(void);
size_t bridge_walker_size(void);

// glyphs.c: while it is on, letters have no size: for the text of a page, which says where they stand.
void bridge_unbounded(int);
// lex.c: where a stream has what is read next, how far, and what it reads.
void bridge_stream_offsets(size_t *);
// symbols.c: characters by the names of their glyphs.
int bridge_symbol(const char *);
const char *bridge_symbols_unsorted(void);
int bridge_name_symbols(fz_context *, const bridge_text_run *, int);

#define WEAK __attribute__((weak)) extern
WEAK sigjmp_buf *fz_push_try(fz_context *);
WEAK int fz_do_try(fz_context *);
WEAK int fz_do_always(fz_context *);
WEAK int (fz_do_catch)(fz_context *);
WEAK int fz_count_pages(fz_context *, fz_document *);
WEAK int fz_authenticate_password(fz_context *, fz_document *, const char *);
WEAK fz_page *fz_load_page(fz_context *, fz_document *, int);
WEAK void fz_drop_page(fz_context *, fz_page *);
WEAK bridge_rect fz_bound_page(fz_context *, fz_page *);
WEAK bridge_rect fz_bound_page_box(fz_context *, fz_page *, int); // 0: the media box
WEAK void fz_run_page(fz_context *, fz_page *, fz_device *, bridge_matrix, void *);
WEAK void fz_run_page_contents(fz_context *, fz_page *, fz_device *, bridge_matrix, void *);
WEAK fz_stext_page *fz_new_stext_page(fz_context *, bridge_rect);
WEAK void fz_drop_stext_page(fz_context *, fz_stext_page *);
WEAK fz_device *fz_new_stext_device(fz_context *, fz_stext_page *, const bridge_stext_options *);
WEAK fz_device *fz_new_draw_device(fz_context *, bridge_matrix, fz_pixmap *);
WEAK void fz_close_device(fz_context *, fz_device *);
WEAK void fz_drop_device(fz_context *, fz_device *);
WEAK fz_pixmap *fz_new_pixmap_with_bbox_and_data(fz_context *, fz_colorspace *, bridge_irect, void *, int, unsigned char *);
WEAK void fz_drop_pixmap(fz_context *, fz_pixmap *);
WEAK void fz_clear_pixmap_with_value(fz_context *, fz_pixmap *, int);
WEAK unsigned char *fz_pixmap_samples(fz_context *, const fz_pixmap *);
WEAK int fz_pixmap_stride(fz_context *, const fz_pixmap *);
WEAK fz_colorspace *fz_device_gray(fz_context *);
WEAK void fz_enable_icc(fz_context *);
WEAK void fz_disable_icc(fz_context *);
WEAK void fz_get_glyph_name(fz_context *, fz_font *, int, char *, int);
WEAK fz_font *fz_new_base14_font(fz_context *, const char *);
WEAK void fz_install_load_system_font_funcs(fz_context *, bridge_font_fn *, bridge_cjk_fn *, bridge_fallback_fn *);
WEAK pdf_document *pdf_document_from_fz_document(fz_context *, fz_document *);
WEAK int pdf_was_repaired(fz_context *, pdf_document *);
WEAK pdf_obj *pdf_trailer(fz_context *, pdf_document *);
WEAK int pdf_dict_len(fz_context *, pdf_obj *);
WEAK pdf_obj *pdf_dict_get_key(fz_context *, pdf_obj *, int);
WEAK pdf_obj *pdf_dict_gets(fz_context *, pdf_obj *, const char *);
WEAK void pdf_dict_dels(fz_context *, pdf_obj *, const char *);
WEAK pdf_page *pdf_page_from_fz_page(fz_context *, fz_page *);
WEAK pdf_annot *pdf_first_annot(fz_context *, pdf_page *);
WEAK pdf_annot *pdf_next_annot(fz_context *, pdf_annot *);
WEAK const char *pdf_annot_contents(fz_context *, pdf_annot *);
WEAK const char *pdf_annot_author(fz_context *, pdf_annot *);
WEAK int pdf_annot_has_author(fz_context *, pdf_annot *);
WEAK pdf_annot *pdf_first_widget(fz_context *, pdf_page *);
WEAK pdf_annot *pdf_next_widget(fz_context *, pdf_annot *);
WEAK const char *pdf_annot_field_value(fz_context *, pdf_annot *);
WEAK const char *pdf_annot_field_label(fz_context *, pdf_annot *);
WEAK pdf_obj *pdf_annot_obj(fz_context *, pdf_annot *);
WEAK pdf_obj *pdf_dict_gets_inheritable(fz_context *, pdf_obj *, const char *);
WEAK void pdf_dict_puts_drop(fz_context *, pdf_obj *, const char *, pdf_obj *);
WEAK pdf_obj *pdf_new_text_string(fz_context *, const char *);
WEAK pdf_obj *pdf_new_array(fz_context *, pdf_document *, int);
WEAK int pdf_to_int(fz_context *, pdf_obj *);
WEAK int pdf_is_array(fz_context *, pdf_obj *);
WEAK int pdf_array_len(fz_context *, pdf_obj *);
WEAK pdf_obj *pdf_array_get(fz_context *, pdf_obj *, int);
WEAK void pdf_array_delete(fz_context *, pdf_obj *, int);
WEAK const char *pdf_to_name(fz_context *, pdf_obj *);
WEAK int pdf_to_num(fz_context *, pdf_obj *);
WEAK const char *pdf_to_text_string(fz_context *, pdf_obj *);
WEAK pdf_obj *pdf_lookup_page_obj(fz_context *, pdf_document *, int);
WEAK int pdf_obj_num_is_stream(fz_context *, pdf_document *, int);
WEAK fz_stream *pdf_open_stream_number(fz_context *, pdf_document *, int);
WEAK size_t fz_read(fz_context *, fz_stream *, unsigned char *, size_t);
WEAK void fz_drop_stream(fz_context *, fz_stream *);
WEAK int fz_font_is_bold(fz_context *, fz_font *);
WEAK int fz_font_is_monospaced(fz_context *, fz_font *);

// notes.c: leaves the annotations of a page from the 5,001st on out, in memory only, before they are loaded; how many those are.
enum { BRIDGE_NOTES = 5000 };
int bridge_fewer_notes(fz_context *, fz_document *, int);
// bridge_fewer_fonts leaves the fonts of a page from the 1,001st on out likewise.
enum { BRIDGE_FONTS = 1000 };
int bridge_fewer_fonts(fz_context *, fz_document *, int);

// forms.c: what form fields are. bridge_plain_fields makes a page's fields what people see, in memory only, before the page is loaded.
enum { BRIDGE_TEXT, BRIDGE_BUTTON, BRIDGE_ON, BRIDGE_CHOICE, BRIDGE_UNSEEN }; // BRIDGE_ON: a box or a button that is on
int bridge_forms_ready(void);
void bridge_plain_fields(fz_context *, fz_document *, int);
int bridge_field_kind(fz_context *, pdf_obj *);
int bridge_unseen(fz_context *, pdf_obj *);

// MuPDF throws by siglongjmp and ends the process when it is not caught.
#define TRY(ctx) if (!sigsetjmp(*fz_push_try(ctx), 0)) if (fz_do_try(ctx)) do
#define ALWAYS(ctx) while (0); if (fz_do_always(ctx)) do
#define CATCH(ctx) while (0); if ((fz_do_catch)(ctx))

// bridge_root is the catalogue of a document, NULL where there is none.
static inline pdf_obj *bridge_root(fz_context *ctx, pdf_document *pdf) { return pdf ? pdf_dict_gets(ctx, pdf_trailer(ctx, pdf), "Root") : NULL; }

// bridge_add appends text with a separator byte to a growing buffer.
typedef struct { char *p; size_t n, cap; } bridge_text;
void bridge_add_value(fz_context *, pdf_obj *, bridge_text *, char);
void bridge_add_label(fz_context *, pdf_obj *, bridge_text *, char);
static inline void bridge_add(bridge_text *t, const char *s, char end) {
	size_t len = s ? strlen(s) : 0;
	if (len > (1 << 20)) len = 1 << 20;
	if (t->n + len + 1 > t->cap) {
		size_t cap = (t->n + len + 1) * 2;
		char *p = cap < (64u << 20) ? realloc(t->p, cap) : NULL;
		if (!p) return;
		t->p = p;
		t->cap = cap;
	}
	if (len) memcpy(t->p + t->n, s, len);
	t->n += len;
	t->p[t->n++] = end;
}

#endif
