#include "bridge.h"

// Tells a page on which there is nothing but straight lines and rectangles, each longer than a letter: nothing to be read.
// It stands before a device and looks at what is drawn; letters, pictures and anything else end it.

// The walk over a path, as MuPDF declares it; a test compares its size.
typedef struct {
	void (*moveto)(fz_context *, void *, float, float);
	void (*lineto)(fz_context *, void *, float, float);
	void (*curveto)(fz_context *, void *, float, float, float, float, float, float);
	void (*closepath)(fz_context *, void *);
	void (*quadto)(fz_context *, void *, float, float, float, float);
	void (*curvetov)(fz_context *, void *, float, float, float, float);
	void (*curvetoy)(fz_context *, void *, float, float, float, float);
	void (*rectto)(fz_context *, void *, float, float, float, float);
} walker;
WEAK void fz_walk_path(fz_context *, const void *, const walker *, void *);

static const float letter = 72; // points; type of an inch is read as such

static __thread int drawn, other;
static __thread bridge_device to; // what stands behind
typedef struct { bridge_matrix m; float x, y; int steps; } walk;

static void line(walk *w, float x, float y) {
	float dx = x - w->x, dy = y - w->y;
	float ax = w->m.a * dx + w->m.c * dy, ay = w->m.b * dx + w->m.d * dy;
	float far = letter * letter;
	if (!(ax * ax + ay * ay > far)) other = 1; // not a number is no line either
	drawn = 1;
}
static void moveto(fz_context *ctx, void *arg, float x, float y) { walk *w = arg; w->x = x; w->y = y; w->steps = 0; }
static void lineto(fz_context *ctx, void *arg, float x, float y) { walk *w = arg; if (++w->steps > 1) other = 1; else line(w, x, y); }
static void curveto(fz_context *ctx, void *arg, float a, float b, float c, float d, float e, float f) { other = 1; }
static void closepath(fz_context *ctx, void *arg) {}
static void rectto(fz_context *ctx, void *arg, float x1, float y1, float x2, float y2) { walk *w = arg; w->x = x1; w->y = y1; w->steps = 1; line(w, x2, y2); }

static void look(fz_context *ctx, const void *path, bridge_matrix m) {
	static const walker how = {moveto, lineto, curveto, closepath, NULL, NULL, NULL, rectto};
	walk w = {m, 0, 0, 0};
	if (!other) fz_walk_path(ctx, path, &how, &w);
}

static void fill_path(fz_context *ctx, fz_device *dev, const void *path, int rule, bridge_matrix m, fz_colorspace *cs, const float *color, float alpha, bridge_color_params p) {
	look(ctx, path, m);
	if (to.fill_path) to.fill_path(ctx, dev, path, rule, m, cs, color, alpha, p);
}
static void stroke_path(fz_context *ctx, fz_device *dev, const void *path, const void *how, bridge_matrix m, fz_colorspace *cs, const float *color, float alpha, bridge_color_params p) {
	look(ctx, path, m);
	if (to.stroke_path) to.stroke_path(ctx, dev, path, how, m, cs, color, alpha, p);
}
static void fill_shade(fz_context *ctx, fz_device *dev, void *shade, bridge_matrix m, float alpha, bridge_color_params p) {
	other = 1;
	if (to.fill_shade) to.fill_shade(ctx, dev, shade, m, alpha, p);
}
static void fill_image(fz_context *ctx, fz_device *dev, void *image, bridge_matrix m, float alpha, bridge_color_params p) {
	other = 1;
	if (to.fill_image) to.fill_image(ctx, dev, image, m, alpha, p);
}
static void fill_image_mask(fz_context *ctx, fz_device *dev, void *image, bridge_matrix m, fz_colorspace *cs, const float *color, float alpha, bridge_color_params p) {
	other = 1;
	if (to.fill_image_mask) to.fill_image_mask(ctx, dev, image, m, cs, color, alpha, p);
}
static void clip_image_mask(fz_context *ctx, fz_device *dev, void *image, bridge_matrix m, bridge_rect r) {
	other = 1;
	if (to.clip_image_mask) to.clip_image_mask(ctx, dev, image, m, r);
}

void bridge_watch(fz_device *device) {
	bridge_device *d = (bridge_device *)device;
	drawn = 0;
	other = !fz_walk_path;
	if (other) return;
	to = *d;
	d->fill_path = fill_path;
	d->stroke_path = stroke_path;
	d->fill_shade = fill_shade;
	d->fill_image = fill_image;
	d->fill_image_mask = fill_image_mask;
	d->clip_image_mask = clip_image_mask;
}

void bridge_saw_text(void) { other = 1; }

int bridge_saw_lines_only(void) { return drawn && !other; }

size_t bridge_walker_size(void) { return sizeof(walker); }
