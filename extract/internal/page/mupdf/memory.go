package mupdf

/*
#include "bridge.h"
#include <fcntl.h>
#include <unistd.h>

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
	long most, end;   // up to what the process may really hold where more than limit is asked for, and how far limit goes then; most 0: it stays
	size_t refused;   // the last request that was refused, 0 when it was granted when it came again
	int short_of;     // one was not
} bridge_memory;

// The process' own page of the kernel about its memory, opened before it may open no more files; -1 where there is none.
static int bridge_statm = -1;
static void bridge_open_statm(void) {
	if (bridge_statm < 0) bridge_statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
}
// bridge_resident is how many bytes the process really holds, LONG_MAX where that is not known.
static long bridge_resident(void) {
	char b[128] = "";
	long pages;
	if (bridge_statm < 0 || pread(bridge_statm, b, sizeof b - 1, 0) <= 0 || sscanf(b, "%*s %ld", &pages) != 1) return LONG_MAX / 2;
	return pages * sysconf(_SC_PAGESIZE);
}

// bridge_widens raises the limit where the process really holds less than it may: a buffer that grows is asked for long before it is used.
static int bridge_widens(bridge_memory *m, long more) {
	if (!m->most || m->held + more > m->end) return 0;
	long room = m->most - bridge_resident() - more;
	if (room < 0) return 0;
	m->limit = m->held + more + room / 4; // looked at again before all of it is used
	return 1;
}
static int bridge_grants(bridge_memory *m, long more, size_t n) {
	if (m->limit && more > 0 && m->held + more > m->limit && !bridge_widens(m, more)) {
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
	long old = bridge_size(p), more = (long)n - old;
	if (old > 16 << 20) more /= 2; // a large buffer that grows by half of it is seldom full in the end
	if (n > LONG_MAX / 2 || !bridge_grants(m, more, n)) return NULL;
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

static void bridge_trim(void) { malloc_trim(0); }
static void bridge_context_offsets(size_t *o) { *o++ = offsetof(bridge_context, alloc); *o++ = sizeof(bridge_alloc_context); }
*/
import "C"

import (
	"runtime/debug"
	"unsafe"
)

// bound is what MuPDF may take for one page: so many bytes beside what it holds of the document, and beyond that as long as the whole process
// holds no more than resident; 0 for either is no bound, and nothing beyond.
type bound struct{ bytes, resident int }

// What is taken while the text of a page is read, while it is drawn, and while it is drawn as far as that goes. With what else a reader holds that
// makes 256 MiB. No page for people comes near the first; a large scan may need more than the second.
var (
	textBound  = bound{bytes: 160 << 20, resident: 226 << 20}
	drawnBound = bound{bytes: 128 << 20}
	partBound  = bound{bytes: 128 << 20, resident: 226 << 20}
)

// memory counts what MuPDF holds for a document.
type memory struct{ c *C.bridge_memory }

// WatchMemory has what this process holds looked at from now on; before a sandbox, in which the kernel's page about it can no longer be opened.
func WatchMemory() { C.bridge_open_statm() }

// roomyBytes is from how much on, held by the process, a page is drawn only after what nobody uses has gone back: the engine leaves its heap full of
// holes, and a large scan may need a hundred megabytes more.
const roomyBytes = 110 << 20

func giveBack(always bool) {
	if always || C.bridge_resident() > roomyBytes {
		debug.FreeOSMemory()
		trim()
	}
}

// trim gives back what the C library holds free.
func trim() { C.bridge_trim() }

func (d *Document) countMemory() { d.memory.c = C.bridge_count_memory(d.cctx()) }

// within bounds what MuPDF takes while do runs, and says whether that was too little. What it holds before does not count: it keeps each
// object of a document that it has read, so that a long document comes to hold more from page to page, whoever made it.
func (m memory) within(b bound, do func()) (short bool) {
	if m.c == nil {
		do()
		return false
	}
	m.c.limit, m.c.most, m.c.refused, m.c.short_of = 0, 0, 0, 0
	if b.bytes > 0 {
		held := max(m.c.held, 0)
		m.c.limit, m.c.most, m.c.end = held+C.long(b.bytes), C.long(b.resident), held+2*C.long(b.bytes)
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
