package mupdf

/*
#include "bridge.h"

WEAK int pdf_is_array(fz_context *, pdf_obj *);
WEAK int pdf_is_dict(fz_context *, pdf_obj *);
WEAK int pdf_array_len(fz_context *, pdf_obj *);
WEAK pdf_obj *pdf_array_get(fz_context *, pdf_obj *, int);
WEAK void pdf_array_push(fz_context *, pdf_obj *, pdf_obj *);
WEAK pdf_obj *pdf_new_array(fz_context *, pdf_document *, int);
WEAK pdf_obj *pdf_new_dict(fz_context *, pdf_document *, int);
WEAK pdf_obj *pdf_new_int(fz_context *, int64_t);
WEAK pdf_obj *pdf_new_name(fz_context *, const char *);
WEAK pdf_obj *pdf_new_indirect(fz_context *, pdf_document *, int, int);
WEAK void pdf_dict_puts(fz_context *, pdf_obj *, const char *, pdf_obj *);
WEAK void pdf_drop_obj(fz_context *, pdf_obj *);
WEAK const char *pdf_to_name(fz_context *, pdf_obj *);
WEAK int pdf_xref_len(fz_context *, pdf_document *);
WEAK int pdf_mark_obj(fz_context *, pdf_obj *);
WEAK void pdf_unmark_obj(fz_context *, pdf_obj *);

static int repair_ready(void) {
	return pdf_is_array && pdf_is_dict && pdf_array_len && pdf_array_get && pdf_array_push && pdf_new_array && pdf_new_dict && pdf_new_int &&
		pdf_new_name && pdf_new_indirect && pdf_dict_puts && pdf_drop_obj && pdf_to_name && pdf_xref_len && pdf_mark_obj && pdf_unmark_obj;
}

static int repair_is(fz_context *ctx, pdf_obj *o, const char *type) {
	return pdf_is_dict(ctx, o) && !strcmp(pdf_to_name(ctx, pdf_dict_gets(ctx, o, "Type")), type);
}

// repair_collect appends the pages below a node in their order. Marks end loops; left bounds the rest.
static void repair_collect(fz_context *ctx, pdf_obj *node, pdf_obj *kids, int depth, int *left) {
	if (depth > 64 || (*left)-- <= 0) return;
	pdf_obj *sub = pdf_dict_gets(ctx, node, "Kids");
	if (!pdf_is_array(ctx, sub)) {
		if (pdf_is_dict(ctx, node) && !repair_is(ctx, node, "Pages")) pdf_array_push(ctx, kids, node);
		return;
	}
	if (pdf_mark_obj(ctx, node)) return;
	for (int i = 0, n = pdf_array_len(ctx, sub); i < n; i++)
		repair_collect(ctx, pdf_array_get(ctx, sub, i), kids, depth + 1, left);
	pdf_unmark_obj(ctx, node);
}

// repair_scan appends every object that says it is a page, for files whose tree is lost.
static void repair_scan(fz_context *ctx, pdf_document *pdf, pdf_obj *kids, int left) {
	for (int i = 1, n = pdf_xref_len(ctx, pdf); i < n && left > 0; i++) {
		pdf_obj *volatile ref = pdf_new_indirect(ctx, pdf, i, 0);
		TRY(ctx) {
			if (repair_is(ctx, ref, "Page")) { pdf_array_push(ctx, kids, ref); left--; }
		} ALWAYS(ctx) { pdf_drop_obj(ctx, ref); } CATCH(ctx) {} // an object that cannot be read is no page
	}
}

// repair_pages puts a flat page tree, in memory only, in the place of one whose count cannot be true:
// none, more than there are objects, or fewer than the first level of the tree has entries.
static int repair_pages(fz_context *ctx, fz_document *doc, int count, int max) {
	pdf_obj *volatile kids = NULL, *volatile tree = NULL, *volatile tmp = NULL;
	int volatile n = count;
	TRY(ctx) {
		pdf_document *pdf = pdf_document_from_fz_document(ctx, doc);
		pdf_obj *root = bridge_root(ctx, pdf);
		pdf_obj *old = pdf_dict_gets(ctx, root, "Pages");
		if (pdf && (count <= 0 || count > pdf_xref_len(ctx, pdf) || pdf_array_len(ctx, pdf_dict_gets(ctx, old, "Kids")) > count)) {
			int left = max;
			kids = pdf_new_array(ctx, pdf, 16);
			repair_collect(ctx, old, kids, 0, &left);
			if (pdf_array_len(ctx, kids) == 0) repair_scan(ctx, pdf, kids, max);
			if (pdf_array_len(ctx, kids) > 0) {
				tree = pdf_new_dict(ctx, pdf, 3);
				tmp = pdf_new_name(ctx, "Pages");
				pdf_dict_puts(ctx, tree, "Type", tmp);
				pdf_drop_obj(ctx, tmp);
				tmp = NULL;
				tmp = pdf_new_int(ctx, pdf_array_len(ctx, kids));
				pdf_dict_puts(ctx, tree, "Count", tmp);
				pdf_dict_puts(ctx, tree, "Kids", kids);
				if (!root) {
					pdf_drop_obj(ctx, tmp);
					tmp = NULL;
					tmp = root = pdf_new_dict(ctx, pdf, 1);
					pdf_dict_puts(ctx, pdf_trailer(ctx, pdf), "Root", root);
				}
				pdf_dict_puts(ctx, root, "Pages", tree);
				n = pdf_array_len(ctx, kids);
			}
		}
	} ALWAYS(ctx) {
		pdf_drop_obj(ctx, tmp);
		pdf_drop_obj(ctx, tree);
		pdf_drop_obj(ctx, kids);
	} CATCH(ctx) { n = count; }
	return n;
}
*/
import "C"

// maxTreeNodes bounds the walk over a page tree that states a wrong size.
const maxTreeNodes = 200_000

// repairPages makes the page tree of a damaged file say how many pages there are.
func (d *Document) repairPages() {
	if C.repair_ready() != 0 {
		C.repair_pages(d.cctx(), d.cdoc(), C.int(d.count()), maxTreeNodes)
	}
}
