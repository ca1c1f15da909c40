package main

import (
	"archive/zip"
	"os"
	"path/filepath"
	"testing"
)

// A required string counts where it is text: found by a program, or in the file's own words.
func TestRequiredStringsThatAreText(t *testing.T) {
	dir := t.TempDir()
	save := func(name, data string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var docs []document
	add := func(name, data, must string) {
		docs = append(docs, document{id: name, path: save(name, data), truth: save(name+".json", `{"must":`+must+`}`)})
	}
	add("a.html", "<p title='in an attribute'>a <b>word</b> of it</p><script>call(1)</script>", `["A word of [it]","in an attribute","call(1)","elsewhere"]`)
	add("b.bin", "\x00\x01C\x00:\x00\\\x00x\x00c\x00a\x00f\x00\xe9\x00 plain", `["café","plain","C:\\x"]`)
	add("c.pdf", "%PDF-1.4 (a property)", `["a property","as read"]`)
	path := filepath.Join(dir, "d.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for name, data := range map[string]string{"content.xml": "<t>one</t><t>two</t>", "Basic/m.xml": "<m>If x Then</m>", "p.png": "three"} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(data))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	docs = append(docs, document{id: "d.zip", path: path, truth: save("d.json", `{"must":["one two","If x Then","three"]}`)})
	results := []result{{dir: filepath.Join(dir, "x")}, {dir: filepath.Join(dir, "y")}}
	for _, r := range results {
		if err := os.Mkdir(r.dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	save("x/a.html.txt", "A word\nof it")
	save("x/c.pdf.txt", "as read")
	save("y/b.bin.txt", "cafe plain")
	found, all, err := texts(docs, results)
	if err != nil || all != 5 || found[0] != 2 || found[1] != 1 {
		t.Errorf("%v of %d (%v), want [2 1] of 5", found, all, err)
	}
}
