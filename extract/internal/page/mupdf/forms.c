#include "bridge.h"

// Flags of fields and of annotations (ISO 32000-1, 12.5.3 and 12.7.4).
enum { FIELD_PASSWORD = 1 << 13, FIELD_PUSH = 1 << 16, FIELD_COMBO = 1 << 17, NOTE_HIDDEN = 1 << 1, NOTE_PRINT = 1 << 2, NOTE_NOVIEW = 1 << 5 };
// Bounds of what is looked through: choices of a field, chosen ones, fields above a field.
enum { FORM_CHOICES = 2000, FORM_CHOSEN = 50, FORM_DEPTH = 16 };

int bridge_forms_ready(void) {
	return pdf_annot_obj && pdf_dict_gets_inheritable && pdf_dict_puts_drop && pdf_new_text_string && pdf_new_array && pdf_to_int;
}

// bridge_unseen says that an annotation is shown neither on a screen nor on paper.
int bridge_unseen(fz_context *ctx, pdf_obj *note) {
	int flags = pdf_to_int(ctx, pdf_dict_gets(ctx, note, "F"));
	return flags & NOTE_HIDDEN || (flags & NOTE_NOVIEW && !(flags & NOTE_PRINT));
}

static int field_flags(fz_context *ctx, pdf_obj *field) { return pdf_to_int(ctx, pdf_dict_gets_inheritable(ctx, field, "Ff")); }

// field_on says that a box or a button is on: by its state, else by the field's value, which is the name of its state.
static int field_on(fz_context *ctx, pdf_obj *field) {
	const char *state = pdf_to_name(ctx, pdf_dict_gets(ctx, field, "AS"));
	if (!*state) {
		pdf_obj *shown = pdf_dict_gets(ctx, pdf_dict_gets(ctx, field, "AP"), "N");
		state = pdf_to_name(ctx, pdf_dict_gets_inheritable(ctx, field, "V"));
		if (*state && shown && !pdf_dict_gets(ctx, shown, state)) return 0;
	}
	return *state && strcmp(state, "Off");
}

int bridge_field_kind(fz_context *ctx, pdf_obj *field) {
	const char *type = pdf_to_name(ctx, pdf_dict_gets_inheritable(ctx, field, "FT"));
	int flags = field_flags(ctx, field);
	if (bridge_unseen(ctx, field) || (!strcmp(type, "Tx") && flags & FIELD_PASSWORD)) return BRIDGE_UNSEEN;
	if (!strcmp(type, "Btn")) return !(flags & FIELD_PUSH) && field_on(ctx, field) ? BRIDGE_ON : BRIDGE_BUTTON;
	return !strcmp(type, "Ch") ? BRIDGE_CHOICE : BRIDGE_TEXT;
}

// choice_shown is what is shown for a value of a choice field: its choices may be pairs of value and words.
static const char *choice_shown(fz_context *ctx, pdf_obj *field, pdf_obj *value) {
	const char *v = pdf_to_text_string(ctx, value);
	pdf_obj *all = pdf_dict_gets_inheritable(ctx, field, "Opt");
	int n = pdf_array_len(ctx, all);
	for (int i = 0; i < n && i < FORM_CHOICES; i++) {
		pdf_obj *one = pdf_array_get(ctx, all, i);
		if (pdf_array_len(ctx, one) >= 2 && !strcmp(pdf_to_text_string(ctx, pdf_array_get(ctx, one, 0)), v))
			return pdf_to_text_string(ctx, pdf_array_get(ctx, one, 1));
	}
	return v;
}

// bridge_add_value notes what is shown of a field's value; choices are parted by line breaks. Streams and names are left out.
void bridge_add_value(fz_context *ctx, pdf_obj *field, bridge_text *out, char end) {
	pdf_obj *v = pdf_dict_gets_inheritable(ctx, field, "V");
	int n = pdf_is_array(ctx, v) ? pdf_array_len(ctx, v) : 0;
	if (n > FORM_CHOSEN) n = FORM_CHOSEN;
	for (int i = 0; i < n; i++) bridge_add(out, choice_shown(ctx, field, pdf_array_get(ctx, v, i)), i + 1 < n ? '\n' : end);
	if (n == 0) bridge_add(out, choice_shown(ctx, field, v), end);
}

void bridge_add_label(fz_context *ctx, pdf_obj *field, bridge_text *out, char end) {
	const char *label = pdf_to_text_string(ctx, pdf_dict_gets(ctx, field, "TU"));
	if (!*label) label = pdf_to_text_string(ctx, pdf_dict_gets_inheritable(ctx, field, "TU"));
	if (!*label) label = pdf_to_text_string(ctx, pdf_dict_gets_inheritable(ctx, field, "T"));
	bridge_add(out, label, end);
}

// plain_field makes one field what people see of it. A password is shown by no viewer, whatever the file's writer has drawn; a drop-down list
// shows the words of its value, where MuPDF draws the value itself.
static void plain_field(fz_context *ctx, pdf_document *pdf, pdf_obj *field) {
	const char *type = pdf_to_name(ctx, pdf_dict_gets_inheritable(ctx, field, "FT"));
	if (!strcmp(type, "Tx") && field_flags(ctx, field) & FIELD_PASSWORD) {
		pdf_dict_dels(ctx, field, "AP");
		for (int depth = 0; field && depth < FORM_DEPTH; depth++, field = pdf_dict_gets(ctx, field, "Parent")) {
			pdf_dict_dels(ctx, field, "V");
			pdf_dict_dels(ctx, field, "RV");
		}
	} else if (!strcmp(type, "Ch") && field_flags(ctx, field) & FIELD_COMBO) {
		pdf_obj *v = pdf_dict_gets_inheritable(ctx, field, "V");
		const char *shown = choice_shown(ctx, field, v);
		if (!v || pdf_is_array(ctx, v) || !strcmp(shown, pdf_to_text_string(ctx, v))) return;
		pdf_dict_puts_drop(ctx, field, "V", pdf_new_text_string(ctx, shown));
		pdf_dict_puts_drop(ctx, field, "Opt", pdf_new_array(ctx, pdf, 0)); // its words may be another one's value
	}
}

void bridge_plain_fields(fz_context *ctx, fz_document *doc, int n) {
	TRY(ctx) {
		pdf_document *pdf = pdf_document_from_fz_document(ctx, doc);
		pdf_obj *list = pdf ? pdf_dict_gets(ctx, pdf_lookup_page_obj(ctx, pdf, n), "Annots") : NULL;
		int len = pdf_array_len(ctx, list);
		for (int i = 0; i < len && i < BRIDGE_NOTES; i++) {
			pdf_obj *one = pdf_array_get(ctx, list, i);
			if (!strcmp(pdf_to_name(ctx, pdf_dict_gets(ctx, one, "Subtype")), "Widget")) plain_field(ctx, pdf, one);
		}
	} CATCH(ctx) {}
}
