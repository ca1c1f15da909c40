#include "bridge.h"

// What MuPDF asks about letters that text alone does not need, or asks again and again.

// How large each letter is: its outline is loaded for it. It is asked for what is drawn through a mask or filled with tiles, not for where text stands. From the first
// tiles of a page on, and from a font whose letters are pages of their own, which are kept with their sizes, it is answered as ever.
static __thread int unbounded;
static int plainly; // for tests: never

void bridge_unbounded(int yes) { unbounded = yes && !plainly; }

WEAK bridge_rect __real_fz_bound_glyph(fz_context *, fz_font *, int, bridge_matrix);
WEAK void *__real_pdf_load_pattern(fz_context *, pdf_document *, pdf_obj *);
WEAK void *__real_pdf_load_type3_font(fz_context *, pdf_document *, void *, pdf_obj *);

bridge_rect __wrap_fz_bound_glyph(fz_context *ctx, fz_font *font, int glyph, bridge_matrix m) {
	if (!unbounded) return __real_fz_bound_glyph(ctx, font, glyph, m);
	bridge_rect r = {m.e, m.f, m.e, m.f};
	return r;
}
void *__wrap_pdf_load_pattern(fz_context *ctx, pdf_document *doc, pdf_obj *dict) {
	unbounded = 0;
	return __real_pdf_load_pattern(ctx, doc, dict);
}
void *__wrap_pdf_load_type3_font(fz_context *ctx, pdf_document *doc, void *resources, pdf_obj *dict) {
	unbounded = 0;
	return __real_pdf_load_type3_font(ctx, doc, resources, dict);
}

// The font that was opened last, and what is asked of it while its letters are numbered.
typedef struct { long faces, index, flags, styles, glyphs; } face; // how FreeType's begins
enum { NAMES = 4096, NAME = 64, SLOTS = 2 * NAMES, ASKED = 8 };
static __thread struct {
	face *font;
	int asked;        // how often for a name
	char (*names)[NAME]; // of all letters, once they are kept; NULL before
	uint16_t *slots;  // by the hash of a name: a letter's number and 1
	struct widths *widths;
} last;

// Widths in the fonts that are part of the program, which documents without widths of their own ask for: the letter is drawn for it each time.
enum { FONTS = 16, LETTERS = 2048 };
struct widths { const void *data; int flags; int32_t of[LETTERS]; }; // and 1; 0: not asked yet
static __thread struct widths *known[FONTS];
static __thread const void *builtin; // data of the font of the program that is being opened

WEAK fz_font *__real_fz_new_font_from_memory(fz_context *, const char *, const unsigned char *, int, int, int);
WEAK int __real_FT_New_Memory_Face(void *, const unsigned char *, long, long, face **);
WEAK int __real_FT_Get_Advance(face *, unsigned, int, long *);
WEAK unsigned __real_FT_Get_Name_Index(face *, const char *);
WEAK int FT_Get_Glyph_Name(face *, unsigned, void *, unsigned);

static void forget(void) {
	free(last.names);
	free(last.slots);
	memset(&last, 0, sizeof last);
}

static struct widths *widths_of(const void *data) {
	for (int i = 0; i < FONTS; i++) {
		if (!known[i] && (known[i] = calloc(1, sizeof *known[i]))) known[i]->data = data;
		if (!known[i] || known[i]->data == data) return known[i];
	}
	return NULL;
}

fz_font *__wrap_fz_new_font_from_memory(fz_context *ctx, const char *name, const unsigned char *data, int len, int index, int bounds) {
	builtin = data;
	return __real_fz_new_font_from_memory(ctx, name, data, len, index, bounds);
}
int __wrap_FT_New_Memory_Face(void *library, const unsigned char *data, long len, long index, face **out) {
	int failed = __real_FT_New_Memory_Face(library, data, len, index, out);
	forget(); // it may stand where that one stood
	if (failed) return failed;
	last.font = *out;
	if (data == builtin) last.widths = widths_of(data);
	return 0;
}

int __wrap_FT_Get_Advance(face *f, unsigned letter, int flags, long *width) {
	struct widths *w = f == last.font ? last.widths : NULL;
	if (!w || letter >= LETTERS || (w->flags && w->flags != flags)) return __real_FT_Get_Advance(f, letter, flags, width);
	if (w->of[letter]) {
		*width = w->of[letter] - 1;
		return 0;
	}
	int failed = __real_FT_Get_Advance(f, letter, flags, width);
	if (!failed && *width >= 0 && *width < INT32_MAX) {
		w->flags = flags;
		w->of[letter] = *width + 1;
	}
	return failed;
}

static uint32_t hash(const char *s) {
	uint32_t h = 2166136261u;
	for (; *s; s++) h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

// keep_names notes the names of all letters; of two with one name the first counts, as it does where they are looked through. Not of a font with very
// many, or with one that is longer than names are.
static void keep_names(face *f) {
	if (f->glyphs <= 0 || f->glyphs > NAMES) return;
	char (*names)[NAME] = malloc(f->glyphs * sizeof *names);
	uint16_t *slots = calloc(SLOTS, sizeof *slots);
	int fits = names && slots;
	for (long i = 0; fits && i < f->glyphs; i++) {
		if (FT_Get_Glyph_Name(f, i, names[i], NAME)) names[i][0] = 0;
		fits = strlen(names[i]) < NAME - 1;
		if (!names[i][0]) continue;
		uint32_t at = hash(names[i]) % SLOTS;
		while (slots[at] && strcmp(names[slots[at] - 1], names[i])) at = (at + 1) % SLOTS;
		if (!slots[at]) slots[at] = i + 1;
	}
	if (fits) last.names = names, last.slots = slots;
	else free(names), free(slots);
}

unsigned __wrap_FT_Get_Name_Index(face *f, const char *name) {
	if (f != last.font || !f || !name || !*name) return __real_FT_Get_Name_Index(f, name);
	if (++last.asked == ASKED) keep_names(f);
	if (!last.names) return __real_FT_Get_Name_Index(f, name);
	uint32_t at = hash(name) % SLOTS;
	while (last.slots[at] && strcmp(last.names[last.slots[at] - 1], name)) at = (at + 1) % SLOTS;
	return last.slots[at] ? last.slots[at] - 1 : 0;
}

// For tests.

void bridge_plainly(int yes) { plainly = yes; }

WEAK const unsigned char *fz_lookup_base14_font(fz_context *, const char *, int *);
WEAK void fz_drop_font(fz_context *, fz_font *);
WEAK void fz_ft_lock(fz_context *); // before FreeType may be asked
WEAK void fz_ft_unlock(fz_context *);

// bridge_letters_differ is how many names and widths of a font of the program are told otherwise than by FreeType itself; -1 where it has none.
int bridge_letters_differ(fz_context *ctx, const char *name, int *counted) {
	enum { UNSCALED = 1 | 2 | 8 | 1 << 11 }; // as MuPDF asks for widths
	int len, wrong = 0;
	const unsigned char *data = fz_lookup_base14_font(ctx, name, &len);
	fz_font *volatile font = NULL;
	TRY(ctx) { font = __wrap_fz_new_font_from_memory(ctx, name, data, len, 0, 1); } CATCH(ctx) { font = NULL; }
	face *f = last.font;
	if (!font || !f || !last.widths) return -1;
	fz_ft_lock(ctx);
	for (int round = 0; round < 2; round++)
		for (long i = 0; i < f->glyphs; i++) {
			char letter[NAME + 8] = "";
			long have = -1, want = -1;
			int a = __wrap_FT_Get_Advance(f, i, UNSCALED, &have), b = __real_FT_Get_Advance(f, i, UNSCALED, &want);
			if (a != b || have != want) wrong++;
			if (FT_Get_Glyph_Name(f, i, letter, NAME)) wrong++;
			if (__wrap_FT_Get_Name_Index(f, letter) != __real_FT_Get_Name_Index(f, letter)) wrong++;
			strcat(letter, "x");
			if (__wrap_FT_Get_Name_Index(f, letter) != __real_FT_Get_Name_Index(f, letter)) wrong++;
			++*counted;
		}
	if (!last.names) wrong++; // they were never kept
	fz_ft_unlock(ctx);
	fz_drop_font(ctx, font);
	return wrong;
}
