package main

import (
	"slices"
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

func TestCopiesAreOtherFiles(t *testing.T) {
	m := mix{docs: []document{{kind: pdf, data: []byte("%PDF")}, {kind: text, data: []byte("text")}}}
	seen := map[string]bool{}
	for _, d := range m.copies(3).docs {
		seen[string(d.data)] = true
	}
	if len(seen) != 6 || string(m.docs[0].data) != "%PDF" {
		t.Errorf("%d of 6 copies differ; the original is %q", len(seen), m.docs[0].data)
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
