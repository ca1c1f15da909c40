package main

import (
	"slices"
	"strings"
	"testing"
)

func TestTheMixWithoutACorpusIsSmaller(t *testing.T) {
	m, err := documents(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if !m.small || len(m.docs) != 10 || len(m.paths(pdf)) != 5 || len(m.paths(image)) != 2 {
		t.Errorf("%d documents, small %v", len(m.docs), m.small)
	}
	if rest := m.without(image); len(rest.docs) != 8 || len(m.docs) != 10 {
		t.Errorf("%d of %d without images", len(rest.docs), len(m.docs))
	}
	first := slices.IndexFunc(m.docs, func(d document) bool { return d.kind == image })
	last := len(m.docs) - 1
	if m.docs[0].kind == m.docs[1].kind && m.docs[1].kind == m.docs[2].kind || first == last-1 {
		t.Error("the kinds do not come in turn")
	}
}

func TestCopiesAreOtherTexts(t *testing.T) {
	page := strings.Repeat("A line of a text that goes on.\n", 200)
	m := mix{docs: []document{{kind: text, data: []byte(page)}, {kind: image, data: []byte("II*")}}}
	all, err := m.copies(t.Context(), 3, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i, d := range all.docs {
		seen[string(d.data)] = true
		if n := strings.Count(string(d.data), word(i/2)); d.kind == text && n < len(page)/1200 {
			t.Errorf("copy %d has its word %d times in %d bytes", i/2, n, len(page))
		}
	}
	if len(seen) != 6 || string(m.docs[0].data) != page {
		t.Errorf("%d of 6 copies differ", len(seen))
	}
}

func TestTheListedMixIsAsThePageSays(t *testing.T) {
	seen := map[string]bool{}
	for k, want := range map[kind]int{pdf: 20, text: 12, image: 8} {
		if len(listed[k]) != want {
			t.Errorf("%d of kind %s, want %d", len(listed[k]), k, want)
		}
		for _, name := range listed[k] {
			if seen[name] {
				t.Errorf("%s is listed twice", name)
			}
			seen[name] = true
		}
	}
}
