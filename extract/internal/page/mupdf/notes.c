#include "bridge.h"

// What is left out of a page, in memory only, before it is loaded.

// With its page MuPDF loads every annotation of it, five kilobytes each.
int bridge_fewer_notes(fz_context *ctx, fz_document *doc, int n) {
	int volatile left = 0;
	TRY(ctx) {
		pdf_document *pdf = pdf_document_from_fz_document(ctx, doc);
		pdf_obj *list = pdf ? pdf_dict_gets(ctx, pdf_lookup_page_obj(ctx, pdf, n), "Annots") : NULL;
		for (int k = pdf_array_len(ctx, list); k > BRIDGE_NOTES; left++) pdf_array_delete(ctx, list, --k);
	} CATCH(ctx) {}
	return left;
}

// A font takes sixty kilobytes and more. Text in one that is not there is read with the letters of common fonts.
int bridge_fewer_fonts(fz_context *ctx, fz_document *doc, int n) {
	int volatile left = 0;
	TRY(ctx) {
		pdf_document *pdf = pdf_document_from_fz_document(ctx, doc);
		pdf_obj *node = pdf ? pdf_lookup_page_obj(ctx, pdf, n) : NULL, *fonts = NULL;
		for (int depth = 0; node && !fonts && depth < 64; depth++, node = pdf_dict_gets(ctx, node, "Parent"))
			fonts = pdf_dict_gets(ctx, pdf_dict_gets(ctx, node, "Resources"), "Font");
		for (int k = pdf_dict_len(ctx, fonts); k > BRIDGE_FONTS; left++)
			pdf_dict_dels(ctx, fonts, pdf_to_name(ctx, pdf_dict_get_key(ctx, fonts, --k)));
	} CATCH(ctx) {}
	return left;
}
