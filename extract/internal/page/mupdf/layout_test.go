package mupdf

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The bridge reads MuPDF's text structures in place. This compares its idea of them with the headers
// go-fitz ships, so that an update that moves a field fails here instead of in a document.
func TestStructuresMatchHeaders(t *testing.T) {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("gcc is missing")
	}
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/gen2brain/go-fitz").Output()
	if err != nil {
		t.Fatalf("find go-fitz: %v", err)
	}
	src := filepath.Join(t.TempDir(), "o.c")
	program := `#include <stdio.h>
#include <stddef.h>
#include "mupdf/fitz.h"
#define P(n) printf("%zu\n", (size_t)(n));
int main(void) {
	P(sizeof(fz_stext_char)) P(offsetof(fz_stext_char, quad)) P(offsetof(fz_stext_char, size)) P(offsetof(fz_stext_char, font)) P(offsetof(fz_stext_char, next))
	P(sizeof(fz_stext_line)) P(offsetof(fz_stext_line, dir)) P(offsetof(fz_stext_line, bbox)) P(offsetof(fz_stext_line, first_char)) P(offsetof(fz_stext_line, next))
	P(sizeof(fz_stext_block)) P(offsetof(fz_stext_block, u)) P(offsetof(fz_stext_block, next))
	P(offsetof(fz_stext_page, first_block))
	P(sizeof(fz_cookie)) P(sizeof(fz_color_params))
	P(offsetof(fz_device, fill_text)) P(offsetof(fz_device, ignore_text))
	P(offsetof(fz_device, clip_image_mask)) P(sizeof(fz_path_walker))
	P(offsetof(fz_text_span, len)) P(offsetof(fz_text_span, next)) P(offsetof(fz_text, head))
	P(offsetof(fz_text_span, items)) P(sizeof(fz_text_item)) P(offsetof(fz_text_item, gid)) P(offsetof(fz_text_item, ucs))
	P(offsetof(fz_stream, rp)) P(offsetof(fz_stream, wp)) P(offsetof(fz_stream, state))
	P(offsetof(struct fz_context, alloc)) P(sizeof(fz_alloc_context))
	return 0;
}
`
	if err := os.WriteFile(src, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	bin := strings.TrimSuffix(src, ".c")
	if out, err := exec.Command(gcc, "-I", filepath.Join(strings.TrimSpace(string(dir)), "include"), "-o", bin, src).CombinedOutput(); err != nil {
		t.Fatalf("compile against go-fitz' headers: %v\n%s", err, out)
	}
	out, err := exec.Command(bin).Output()
	if err != nil {
		t.Fatal(err)
	}
	var want []int
	for _, f := range strings.Fields(string(out)) {
		n, _ := strconv.Atoi(f)
		want = append(want, n)
	}
	if got := append(layoutOffsets(), contextOffsets()...); !slices.Equal(got, want) {
		t.Errorf("the bridge assumes %v, the headers say %v", got, want)
	}
	if !ready() {
		t.Error("a call the bridge needs is missing in this go-fitz")
	}
}
