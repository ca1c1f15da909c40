package flow

import (
	"io"
	"path"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// Embedded reads the documents that relationships name as packages and OLE objects.
func Embedded(f *zipx.File, rels zipx.Rels, lim doc.Limits) []string {
	if lim.Embedded == nil {
		return nil
	}
	parts := rels.Targets("package", "oleObject", "attachedFile")
	slices.SortFunc(parts, Natural)
	in := NewInside(lim)
	for _, p := range slices.Compact(parts) {
		if f.Has(p) { // a link names no file of the package
			in.Add(path.Base(p), func() (io.ReadCloser, error) { return f.Reader(p) })
		}
	}
	return in.Texts
}

// Part writes the text of a file that was found in another, under a heading with its name where it has one.
func Part(name, text string) string {
	if name = strings.Join(strings.Fields(name), " "); name == "" {
		return text
	}
	if own, rest, ok := ownName(name, text); ok {
		name, text = own, rest
	}
	return strings.TrimSpace("# " + name + "\n\n" + text)
}

// ownName is the name of the one file that an object's part holds, which stands before its text, and the rest of that; programs number such parts.
func ownName(part, text string) (name, rest string, ok bool) {
	if p := strings.ToLower(part); !strings.HasSuffix(p, ".bin") && !strings.HasPrefix(p, "object ") {
		return "", "", false
	}
	first, rest, _ := strings.Cut(text, "\n")
	name, begins := strings.CutPrefix(first, "[Attachment: ")
	name, ends := strings.CutSuffix(name, "]")
	return name, strings.TrimSpace(rest), begins && ends
}

// Natural orders part2 before part10.
func Natural(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}
