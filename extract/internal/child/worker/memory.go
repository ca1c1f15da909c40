package worker

/*
#include <malloc.h>
#include <stdlib.h>

// The C library learns from each large piece that is freed to take the next one out of its heap, where it stays between smaller ones: a page's
// pictures, tens of megabytes each, would then be held long after the page. With a fixed border they go back to the kernel when they are freed.
static void settle(void) {
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	mallopt(M_TRIM_THRESHOLD, 16 << 20);
}

// For tests: whether a piece of n bytes, after a larger one was freed, is one that goes back when it is freed.
static int goes_back(size_t n) {
	void *volatile p = malloc(n + n / 4);
	free(p);
	size_t before = mallinfo2().hblks;
	p = malloc(n);
	int yes = p && mallinfo2().hblks > before;
	free(p);
	return yes;
}
*/
import "C"

// settleMemory has what the libraries free go back to the kernel.
func settleMemory() { C.settle() }

func goesBack(bytes int) bool { return C.goes_back(C.size_t(bytes)) != 0 }
