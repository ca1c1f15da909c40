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
	dir, _ := path.Split(part)
	out := Rels{}
	f.relationships(part, func(e xml.StartElement) {
		if Attr(e, "TargetMode") == "External" {
			return
		}
		target := Attr(e, "Target")
		if strings.HasPrefix(target, "/") {
			target = strings.TrimPrefix(target, "/")
		} else {
			target = path.Join(dir, target)
		}
		out[Attr(e, "Id")] = Rel{Type: path.Base(Attr(e, "Type")), Target: target}
	})
	return out
}

// Links are the targets of a part's hyperlinks, by their ids. They lead out of the package.
func (f *File) Links(part string) map[string]string {
	out := map[string]string{}
	f.relationships(part, func(e xml.StartElement) {
		if Attr(e, "TargetMode") == "External" && path.Base(Attr(e, "Type")) == "hyperlink" {
			out[Attr(e, "Id")] = Attr(e, "Target")
		}
	})
	return out
}

func (f *File) relationships(part string, visit func(xml.StartElement)) {
	dir, base := path.Split(part)
	_ = f.XML(path.Join(dir, "_rels", base+".rels"), func(t xml.Token) error {
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "Relationship" {
			visit(e)
		}
		return nil
	})
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
