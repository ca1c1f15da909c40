package mupdf

/*
#include "bridge.h"

// Bounds of the search for attached files: a tree of names may be a cycle, and an array of any length.
enum { ATTACHED_DEPTH = 16, ATTACHED_NODES = 50000, ATTACHED_PAGES = 5000 };

typedef struct { fz_context *ctx; bridge_text *out; int left; } attached_search;

// attached_name is what a file specification calls its file; the names for single systems are of old writers.
static const char *attached_name(fz_context *ctx, pdf_obj *spec, pdf_obj *key) {
	static const char *const keys[] = {"UF", "F", "Unix", "DOS", "Mac", NULL};
	for (int i = 0; keys[i]; i++) {
		const char *s = pdf_to_text_string(ctx, pdf_dict_gets(ctx, spec, keys[i]));
		if (s && *s) return s;
	}
	return key ? pdf_to_text_string(ctx, key) : "";
}

// attached_number notes the number of an object; 0 for what is no reference to one.
static int attached_number(attached_search *s, pdf_obj *object) {
	char number[16];
	int num = pdf_to_num(s->ctx, object);
	if (num <= 0) return 0;
	snprintf(number, sizeof number, "%d", num);
	bridge_add(s->out, number, 0x1f);
	return num;
}

// attached_file notes a file specification that holds its file: number of the stream, relation, name.
static void attached_file(attached_search *s, pdf_obj *spec, pdf_obj *key) {
	static const char *const keys[] = {"F", "UF", "Unix", "DOS", "Mac", NULL};
	pdf_obj *ef = pdf_dict_gets(s->ctx, spec, "EF");
	for (int i = 0; ef && keys[i]; i++) {
		if (!attached_number(s, pdf_dict_gets(s->ctx, ef, keys[i]))) continue;
		bridge_add(s->out, pdf_to_name(s->ctx, pdf_dict_gets(s->ctx, spec, "AFRelationship")), 0x1f);
		bridge_add(s->out, attached_name(s->ctx, spec, key), 0x1f);
		return;
	}
}

// attached_tree walks a tree of names.
static void attached_tree(attached_search *s, pdf_obj *node, int depth) {
	if (!node || depth > ATTACHED_DEPTH || s->left-- <= 0) return;
	pdf_obj *names = pdf_dict_gets(s->ctx, node, "Names"), *kids = pdf_dict_gets(s->ctx, node, "Kids");
	for (int i = 0, n = pdf_array_len(s->ctx, names); i + 1 < n && s->left-- > 0; i += 2)
		attached_file(s, pdf_array_get(s->ctx, names, i + 1), pdf_array_get(s->ctx, names, i));
	for (int i = 0, n = pdf_array_len(s->ctx, kids); i < n && s->left > 0; i++)
		attached_tree(s, pdf_array_get(s->ctx, kids, i), depth + 1);
}

// attached_list notes the files of an array of specifications.
static void attached_list(attached_search *s, pdf_obj *specs) {
	for (int i = 0, n = pdf_array_len(s->ctx, specs); i < n && s->left-- > 0; i++)
		attached_file(s, pdf_array_get(s->ctx, specs, i), NULL);
}

// attached_page notes the files that a page's annotations hold, and those that belong to the page.
static void attached_page(attached_search *s, pdf_obj *page) {
	pdf_obj *annots = pdf_dict_gets(s->ctx, page, "Annots");
	attached_list(s, pdf_dict_gets(s->ctx, page, "AF"));
	for (int i = 0, n = pdf_array_len(s->ctx, annots); i < n && i < BRIDGE_NOTES && s->left-- > 0; i++) {
		pdf_obj *a = pdf_array_get(s->ctx, annots, i);
		const char *kind = pdf_to_name(s->ctx, pdf_dict_gets(s->ctx, a, "Subtype"));
		if (kind && !strcmp(kind, "FileAttachment")) attached_file(s, pdf_dict_gets(s->ctx, a, "FS"), NULL);
	}
}

// bridge_attached lists the attached files; what was found before an error is kept.
static void bridge_attached(fz_context *ctx, fz_document *doc, int pages, bridge_text *out) {
	attached_search s = {ctx, out, ATTACHED_NODES};
	TRY(ctx) {
		pdf_document *pdf = pdf_document_from_fz_document(ctx, doc);
		pdf_obj *root = bridge_root(ctx, pdf);
		attached_tree(&s, pdf_dict_gets(ctx, pdf_dict_gets(ctx, root, "Names"), "EmbeddedFiles"), 0);
		attached_list(&s, pdf_dict_gets(ctx, root, "AF"));
		for (int i = 0; pdf && i < pages && i < ATTACHED_PAGES && s.left > 0; i++)
			attached_page(&s, pdf_lookup_page_obj(ctx, pdf, i));
	} CATCH(ctx) {}
}

// bridge_xfa lists the streams of an XML form, in their order, where the pages do not show it: no field of the form stands on one.
static void bridge_xfa(fz_context *ctx, fz_document *doc, bridge_text *out) {
	attached_search s = {ctx, out, ATTACHED_NODES};
	TRY(ctx) {
		pdf_document *pdf = pdf_document_from_fz_document(ctx, doc);
		pdf_obj *root = bridge_root(ctx, pdf);
		pdf_obj *form = pdf_dict_gets(ctx, root, "AcroForm"), *xfa = pdf_dict_gets(ctx, form, "XFA");
		int fields = pdf_array_len(ctx, pdf_dict_gets(ctx, form, "Fields"));
		if (xfa && (!fields || pdf_dict_gets(ctx, root, "NeedsRendering"))) {
			if (!pdf_is_array(ctx, xfa)) attached_number(&s, xfa);
			for (int i = 1, n = pdf_array_len(ctx, xfa); i < n && s.left-- > 0; i += 2)
				attached_number(&s, pdf_array_get(ctx, xfa, i));
		}
	} CATCH(ctx) {}
}

static fz_stream *bridge_open_stream(fz_context *ctx, fz_document *doc, int num) {
	fz_stream *volatile stream = NULL;
	TRY(ctx) {
		pdf_document *pdf = pdf_document_from_fz_document(ctx, doc);
		if (pdf && pdf_obj_num_is_stream(ctx, pdf, num)) stream = pdf_open_stream_number(ctx, pdf, num);
	} CATCH(ctx) { stream = NULL; }
	return stream;
}

// bridge_unpack gives -1 where the stream cannot be unpacked further.
static long bridge_unpack(fz_context *ctx, fz_stream *stream, unsigned char *p, size_t n) {
	long volatile got = -1;
	TRY(ctx) { got = (long)fz_read(ctx, stream, p, n); } CATCH(ctx) { got = -1; }
	return got;
}
*/
import "C"

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unsafe"
)

// ErrStream is the error of an attached file that is not there or cannot be unpacked.
var ErrStream = errors.New("MuPDF cannot unpack the attached file")

// Attachment is a file that a PDF holds: attached to the document, to a page, or behind a sign on one.
type Attachment struct {
	Name string
	// Relation is what the file is to the document, as PDF 2.0 and PDF/A-3 name it: "Source", "Data", "Alternative"; "" where nothing says so.
	Relation string
	num      int
}

// Attachments lists the files that the document holds, each once, in the order of the document. It reads none of them.
func (d *Document) Attachments() []Attachment {
	var t C.bridge_text
	C.bridge_attached(d.cctx(), d.cdoc(), C.int(d.Pages()), &t)
	defer C.free(unsafe.Pointer(t.p))
	parts := strings.Split(C.GoStringN(t.p, C.int(t.n)), "\x1f")
	var out []Attachment
	seen := map[int]bool{}
	for ; len(parts) > 3; parts = parts[3:] {
		num, err := strconv.Atoi(parts[0])
		if err != nil {
			break // a name that holds the separator: what follows is not to be told apart
		}
		if !seen[num] {
			seen[num] = true
			out = append(out, Attachment{Name: clean(parts[2]), Relation: parts[1], num: num})
		}
	}
	return out
}

// Form gives the packets of an XML form (XFA) that the pages do not show, in their order; together they are one XML file.
func (d *Document) Form() []Attachment {
	var t C.bridge_text
	C.bridge_xfa(d.cctx(), d.cdoc(), &t)
	defer C.free(unsafe.Pointer(t.p))
	var out []Attachment
	for _, s := range strings.Split(C.GoStringN(t.p, C.int(t.n)), "\x1f") {
		if num, err := strconv.Atoi(s); err == nil {
			out = append(out, Attachment{num: num})
		}
	}
	return out
}

// Open gives the bytes of an attached file, unpacked as they are read.
func (d *Document) Open(a Attachment) (io.ReadCloser, error) {
	s := C.bridge_open_stream(d.cctx(), d.cdoc(), C.int(a.num))
	if s == nil {
		return nil, fmt.Errorf("open object %d: %w", a.num, ErrStream)
	}
	return &stream{d, s}, nil
}

// stream reads an object of a document, which stays open for as long.
type stream struct {
	d *Document
	s *C.fz_stream
}

func (s *stream) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	switch n := C.bridge_unpack(s.d.cctx(), s.s, (*C.uchar)(unsafe.Pointer(&p[0])), C.size_t(len(p))); {
	case n < 0:
		return 0, ErrStream
	case n == 0:
		return 0, io.EOF
	default:
		return int(n), nil
	}
}

func (s *stream) Close() error {
	C.fz_drop_stream(s.d.cctx(), s.s)
	return nil
}
