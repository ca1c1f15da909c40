package mupdf

/*
#include "bridge.h"

// Stands before the C library's allocator: what a document takes is counted, and beyond a limit there is nothing more. MuPDF then gives up
// what it only keeps for later and asks again; where that is not enough it throws.
typedef struct {
	void *user;
	void *(*malloc)(void *, size_t);
	void *(*realloc)(void *, void *, size_t);
	void (*free)(void *, void *);
} bridge_alloc_context;
typedef struct {
	void *user, *master;
	int count, next;
	bridge_alloc_context alloc;
} bridge_context;
typedef struct {
	long held, limit; // bytes; what was taken before the counting began makes held too small when it is freed
	size_t refused;   // the last request that was refused, 0 when it was granted when it came again
	int short_of;     // one was not
} bridge_memory;

static int bridge_grants(bridge_memory *m, long more, size_t n) {
	if (m->limit && more > 0 && m->held + more > m->limit) {
		if (m->refused && m->refused != n) m->short_of = 1;
		m->refused = n;
		return 0;
	}
	if (m->refused == n) m->refused = 0;
	else if (m->refused) m->short_of = 1, m->refused = 0;
	return 1;
}
// bridge_size is what a piece takes, with what the allocator keeps before it.
static long bridge_size(void *p) { return p ? malloc_usable_size(p) + sizeof(size_t) : 0; }
static void *bridge_malloc(void *user, size_t n) {
	bridge_memory *m = user;
	if (n > LONG_MAX / 2 || !bridge_grants(m, n, n)) return NULL;
	void *p = malloc(n);
	m->held += bridge_size(p);
	return p;
}
static void *bridge_realloc(void *user, void *p, size_t n) {
	bridge_memory *m = user;
	long old = bridge_size(p);
	if (n > LONG_MAX / 2 || !bridge_grants(m, (long)n - old, n)) return NULL;
	p = realloc(p, n);
	if (p || !n) m->held += bridge_size(p) - old;
	return p;
}
static void bridge_release(void *user, void *p) {
	((bridge_memory *)user)->held -= bridge_size(p);
	free(p);
}
static bridge_memory *bridge_count_memory(fz_context *ctx) {
	bridge_memory *m = calloc(1, sizeof *m);
	bridge_alloc_context a = {m, bridge_malloc, bridge_realloc, bridge_release};
	if (m) ((bridge_context *)ctx)->alloc = a;
	return m;
}

static void bridge_context_offsets(size_t *o) { *o++ = offsetof(bridge_context, alloc); *o++ = sizeof(bridge_alloc_context); }
*/
import "C"

import "unsafe"

// What MuPDF may take for one page while its text is read and while it is drawn, beside what it holds of the document. With what else a reader holds that
// makes 256 MiB. No page for people comes near the first; a large scan may need more than the second.
const (
	textBytes  = 204 << 20
	drawnBytes = 128 << 20
)

// memory counts what MuPDF holds for a document.
type memory struct{ c *C.bridge_memory }

func (d *Document) countMemory() { d.memory.c = C.bridge_count_memory(d.cctx()) }

// within bounds what MuPDF takes while do runs, and says whether that was too little. 0 is no bound. What it holds before does not count: it keeps each
// object of a document that it has read, so that a long document comes to hold more from page to page, whoever made it.
func (m memory) within(bytes int, do func()) (short bool) {
	if m.c == nil {
		do()
		return false
	}
	m.c.limit, m.c.refused, m.c.short_of = 0, 0, 0
	if bytes > 0 {
		m.c.limit = max(m.c.held, 0) + C.long(bytes)
	}
	do()
	m.c.limit = 0
	return m.c.short_of != 0 || m.c.refused != 0
}

// free is for when the document is closed.
func (m memory) free() { C.free(unsafe.Pointer(m.c)) }

// contextOffsets is what this file assumes of MuPDF's context.
func contextOffsets() []int {
	var o [2]C.size_t
	C.bridge_context_offsets(&o[0])
	return []int{int(o[0]), int(o[1])}
}
