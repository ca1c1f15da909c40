package mail

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"mime"
	"slices"
	"strings"
	"unicode"
)

// alternative reads the forms of one text. The plain one is taken, unless the richer one says much
// that the plain one lacks: many programs write "your reader cannot show this" there, or nothing.
// When each has much of its own, both are kept.
func (r *reader) alternative(subs []sub, depth int) {
	plainAt, pages := -1, 0
	for i, s := range subs {
		k, _, _ := mime.ParseMediaType(s.h.Get("Content-Type"))
		if k == "text/plain" && plainAt < 0 && len(bytes.TrimSpace(s.b)) > 0 {
			plainAt = i
		}
		if k == "text/html" {
			pages++
		}
	}
	last := len(subs) - 1
	if plainAt < 0 && pages > 1 {
		// Forms of one text differ in their types; several pages are the frames of a saved one.
		for _, s := range subs {
			r.part(s.h, s.b, depth+1)
		}
		return
	}
	if plainAt < 0 || plainAt == last {
		r.part(subs[last].h, subs[last].b, depth+1)
		return
	}
	if k, _, _ := mime.ParseMediaType(subs[last].h.Get("Content-Type")); k != "text/html" && !strings.HasPrefix(k, "multipart/") {
		r.part(subs[plainAt].h, subs[plainAt].b, depth+1)
		return
	}
	simple, _ := r.apart(subs[plainAt], depth)
	rich, files := r.apart(subs[last], depth)
	a, b := wordSet(simple), wordSet(rich)
	if missing(b, a)*4 <= len(b) {
		r.out = append(r.out, simple...)
		return
	}
	if missing(a, b)*4 > len(a) {
		r.out = append(r.out, simple...)
	}
	for _, s := range rich {
		if f, ok := files[s]; ok {
			if s = strings.TrimSpace(r.embed(f.Name, f.Data)); s == "" {
				continue
			}
		}
		r.out = append(r.out, s)
	}
}

// apart reads a part and returns its text instead of adding it to the message. The files in it are
// not read yet, for the part may not be wanted: a key of files stands for each.
func (r *reader) apart(s sub, depth int) (out []string, files map[string]Attachment) {
	before, embed := r.out, r.embed
	defer func() { r.out, r.embed = before, embed }()
	files = map[string]Attachment{}
	r.out = nil
	if embed != nil {
		r.embed = func(name string, data []byte) string {
			r.keys++
			key := fmt.Sprintf("\x00%d\x00", r.keys)
			files[key] = Attachment{Name: name, Data: data}
			return key
		}
	}
	r.part(s.h, s.b, depth+1)
	return r.out, files
}

// wordSet gives the words of texts as their hashes, each once, in order: two forms of a long text have millions.
func wordSet(texts []string) []uint64 {
	var all []uint64
	seed := wordSeed
	for _, t := range texts {
		if strings.HasPrefix(t, "[Attachment: ") || strings.HasPrefix(t, "\x00") {
			continue
		}
		for w := range strings.FieldsFuncSeq(t, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			all = append(all, maphash.String(seed, strings.ToLower(w)))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

var wordSeed = maphash.MakeSeed()

// missing counts the words of a that b lacks.
func missing(a, b []uint64) int {
	n := 0
	for _, w := range a {
		if _, has := slices.BinarySearch(b, w); !has {
			n++
		}
	}
	return n
}
