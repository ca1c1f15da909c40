package main

import (
	"bytes"
	"os"
	"testing"
)

// The committed vectors are what PHP and Node read: they must not drift from what this generator says.
func TestCommittedVectorsAreWhatTheGeneratorMakes(t *testing.T) {
	committed, err := os.ReadFile("../signing.json")
	if err != nil {
		t.Fatal(err)
	}
	made, err := Generate("../foreign.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(committed, made) {
		t.Fatal("test/vectors/signing.json is stale: run `go run ./test/vectors/gen` and look at the difference")
	}
}

// A twin that equals its valid case would test nothing.
func TestEveryTwinDiffersFromItsCase(t *testing.T) {
	type view struct {
		c Common
		x [5]string
	}
	seen := map[string]view{}
	for _, r := range requests() {
		seen[r.Name] = view{r.Common, [5]string{r.Method, r.Route, r.Site, join(r.SeenNonces)}}
	}
	for _, r := range responses() {
		seen[r.Name] = view{r.Common, [5]string{string(rune(r.Status)), r.RequestSignature}}
	}
	for name, v := range seen {
		of, ok := seen[v.c.TwinOf]
		if v.c.TwinOf == "" {
			continue
		}
		if !ok {
			t.Errorf("%s: is a twin of nothing (%q)", name, v.c.TwinOf)
		}
		if v.x == of.x && v.c.Now == of.c.Now && v.c.Body == of.c.Body && sameHeaders(v.c.Headers, of.c.Headers) {
			t.Errorf("%s: is the same as %s", name, v.c.TwinOf)
		}
	}
	if len(seen) != len(requests())+len(responses()) {
		t.Error("two cases have the same name")
	}
}

func join(list []string) (s string) {
	for _, v := range list {
		s += v + " "
	}
	return s
}

func sameHeaders(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}
