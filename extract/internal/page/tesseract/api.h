// What is called of the tesseract library. It is loaded when a page has to be recognised first: it brings fifty others.
#ifndef AIDOC_TESSERACT_API_H
#define AIDOC_TESSERACT_API_H

#include <tesseract/capi.h>

// A word with its place in pixels; text is the library's, until tess_free_words.
typedef struct {
	char *text;
	float confidence; // 0..100
	int x0, y0, x1, y1;
	int block, paragraph, line;
} tess_word;

typedef struct {
	int degrees;
	float confidence;
	const char *script; // the library's, may be NULL
	float script_confidence;
} tess_orientation;

// tess_load returns NULL, or why the library at path cannot be used.
const char *tess_load(const char *path);

// The rest may be called after tess_load only.

// tess_new returns an engine for languages ("eng+deu"), NULL when they cannot be loaded.
TessBaseAPI *tess_new(const char *languages);
void tess_delete(TessBaseAPI *api);
int tess_set(TessBaseAPI *api, const char *name, const char *value);

// tess_words reads a gray picture of w * h bytes. It returns the number of words, -1 when reading failed.
int tess_words(TessBaseAPI *api, const unsigned char *pix, int w, int h, int dpi, tess_word **words);
void tess_free_words(tess_word *words, int n);

// tess_orient returns 0 when the page does not say how it lies.
int tess_orient(TessBaseAPI *api, const unsigned char *pix, int w, int h, int dpi, tess_orientation *found);

#endif
