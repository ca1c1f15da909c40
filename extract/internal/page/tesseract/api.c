#include "api.h"

#include <dlfcn.h>
#include <leptonica/allheaders.h>
#include <stdlib.h>

// Each function has the type that the header of its library declares.
#define EACH(F) \
	F(TessBaseAPICreate) F(TessBaseAPIDelete) F(TessBaseAPIInit3) F(TessBaseAPISetVariable) F(TessBaseAPISetImage) \
	F(TessBaseAPISetSourceResolution) F(TessBaseAPIRecognize) F(TessBaseAPIClear) F(TessBaseAPIGetIterator) \
	F(TessBaseAPIDetectOrientationScript) F(TessResultIteratorDelete) F(TessResultIteratorNext) F(TessResultIteratorConfidence) \
	F(TessResultIteratorGetUTF8Text) F(TessResultIteratorGetPageIteratorConst) F(TessPageIteratorBoundingBox) \
	F(TessPageIteratorIsAtBeginningOf) F(TessDeleteText) F(setMsgSeverity)

#define FIELD(name) __typeof__(&name) name;
static struct { EACH(FIELD) } lib;

const char *tess_load(const char *path) {
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!handle) return dlerror();
#define LOOK_UP(name) if (!(lib.name = (__typeof__(&name))dlsym(handle, #name))) return "it has no function " #name;
	EACH(LOOK_UP)
	lib.setMsgSeverity(L_SEVERITY_NONE);
	return NULL;
}

TessBaseAPI *tess_new(const char *languages) {
	TessBaseAPI *api = lib.TessBaseAPICreate();
	if (lib.TessBaseAPIInit3(api, NULL, languages) != 0) {
		lib.TessBaseAPIDelete(api);
		return NULL;
	}
	lib.TessBaseAPISetVariable(api, "debug_file", "/dev/null");
	return api;
}

void tess_delete(TessBaseAPI *api) { lib.TessBaseAPIDelete(api); }

int tess_set(TessBaseAPI *api, const char *name, const char *value) { return lib.TessBaseAPISetVariable(api, name, value); }

static void set_image(TessBaseAPI *api, const unsigned char *pix, int w, int h, int dpi) {
	lib.TessBaseAPISetImage(api, pix, w, h, 1, w);
	lib.TessBaseAPISetSourceResolution(api, dpi);
}

// collect walks over all words, those of pictures and rules left out, which have no text.
static int collect(TessResultIterator *it, tess_word **words) {
	int n = 0, room = 0, block = 0, paragraph = 0, line = 0;
	do {
		const TessPageIterator *at = lib.TessResultIteratorGetPageIteratorConst(it);
		char *text = lib.TessResultIteratorGetUTF8Text(it, RIL_WORD);
		if (!text) continue;
		if (lib.TessPageIteratorIsAtBeginningOf(at, RIL_BLOCK)) block++, paragraph = line = 0;
		if (lib.TessPageIteratorIsAtBeginningOf(at, RIL_PARA)) paragraph++, line = 0;
		if (lib.TessPageIteratorIsAtBeginningOf(at, RIL_TEXTLINE)) line++;
		if (n == room) {
			room = room ? 2 * room : 256;
			tess_word *grown = realloc(*words, room * sizeof **words);
			if (!grown) {
				lib.TessDeleteText(text);
				break;
			}
			*words = grown;
		}
		tess_word *w = &(*words)[n++];
		*w = (tess_word){.text = text, .confidence = lib.TessResultIteratorConfidence(it, RIL_WORD), .block = block, .paragraph = paragraph, .line = line};
		lib.TessPageIteratorBoundingBox(at, RIL_WORD, &w->x0, &w->y0, &w->x1, &w->y1);
	} while (lib.TessResultIteratorNext(it, RIL_WORD));
	return n;
}

int tess_words(TessBaseAPI *api, const unsigned char *pix, int w, int h, int dpi, tess_word **words) {
	int n = -1;
	set_image(api, pix, w, h, dpi);
	if (lib.TessBaseAPIRecognize(api, NULL) == 0) {
		TessResultIterator *it = lib.TessBaseAPIGetIterator(api);
		n = it ? collect(it, words) : 0;
		if (it) lib.TessResultIteratorDelete(it);
	}
	lib.TessBaseAPIClear(api);
	return n;
}

void tess_free_words(tess_word *words, int n) {
	for (int i = 0; i < n; i++) lib.TessDeleteText(words[i].text);
	free(words);
}

int tess_orient(TessBaseAPI *api, const unsigned char *pix, int w, int h, int dpi, tess_orientation *found) {
	set_image(api, pix, w, h, dpi);
	int ok = lib.TessBaseAPIDetectOrientationScript(api, &found->degrees, &found->confidence, &found->script, &found->script_confidence);
	lib.TessBaseAPIClear(api);
	return ok;
}
