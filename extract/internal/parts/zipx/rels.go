package zipx

import (
	"encoding/xml"
	"maps"
	"path"
	"slices"
	"strings"
)

// Rel is one relationship of an Open Packaging part.
type Rel struct {
	Type   string // last element of its URI
	Target string // name of a part of the same package
}

// Rels are the relationships of a part by their ids. Those that lead out of the package are left out: no reader follows them.
type Rels map[string]Rel

// Rels reads the relationships of a part; it is empty for a part without any. Part "" stands for the package itself.
func (f *File) Rels(part string) Rels {
	rels, _ := f.RelsAndLinks(part)
	return rels
}

// RelsAndLinks reads the relationships of a part, and the targets of its hyperlinks by their ids, which lead out of the package.
func (f *File) RelsAndLinks(part string) (rels Rels, links map[string]string) {
	dir, base := path.Split(part)
	rels, links = Rels{}, map[string]string{}
	_ = f.XML(path.Join(dir, "_rels", base+".rels"), func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" {
			return nil
		}
		kind, target := path.Base(Attr(e, "Type")), Attr(e, "Target")
		switch {
		case Attr(e, "TargetMode") != "External":
			if !strings.HasPrefix(target, "/") {
				target = path.Join(dir, target)
			}
			rels[Attr(e, "Id")] = Rel{Type: kind, Target: strings.TrimPrefix(target, "/")}
		case kind == "hyperlink":
			links[Attr(e, "Id")] = target
		}
		return nil
	})
	return rels, links
}

// Sorted lists the relationships in the order of their ids, so that a file is read the same way each time.
func (r Rels) Sorted() []Rel {
	out := make([]Rel, 0, len(r))
	for _, id := range slices.Sorted(maps.Keys(r)) {
		out = append(out, r[id])
	}
	return out
}

// Targets lists the parts that relationships of the given types lead to, in the order of their ids.
func (r Rels) Targets(types ...string) []string {
	var out []string
	for _, rel := range r.Sorted() {
		if slices.Contains(types, rel.Type) {
			out = append(out, rel.Target)
		}
	}
	return out
}

// Part is the part that the first relationship of a type leads to, else the name that such a part usually has.
func (r Rels) Part(kind, usual string) string {
	if t := r.Targets(kind); len(t) > 0 {
		return t[0]
	}
	return usual
}
