package props

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// OfPackage reads the properties of an Open Packaging file.
func OfPackage(f *zipx.File) Props {
	var p Props
	rels := f.Rels("")
	_ = zipx.WalkPart(f, rels.Part("core-properties", "docProps/core.xml"), func(n *zipx.Node) {
		v := strings.TrimSpace(n.Content())
		switch n.Name {
		case "title":
			p.Title = v
		case "creator":
			p.Author = v
		case "subject":
			p.Subject = v
		case "description":
			p.Description = v
		case "keywords":
			p.Keywords = v
		case "category":
			p.Category = v
		}
	})
	_ = zipx.WalkPart(f, rels.Part("custom-properties", "docProps/custom.xml"), func(n *zipx.Node) {
		if n.Name == "property" {
			p.Custom = append(p.Custom, Field{Name: n.Get("name"), Value: strings.TrimSpace(n.Content())})
		}
	})
	return p
}

// OfODF reads meta.xml.
func OfODF(f *zipx.File) Props {
	var p Props
	var keys []string
	_ = zipx.WalkPart(f, "meta.xml", func(n *zipx.Node) {
		v := strings.TrimSpace(n.Content())
		switch n.Name {
		case "title":
			p.Title = v
		case "initial-creator":
			p.Author = v
		case "creator":
			if p.Author == "" {
				p.Author = v
			}
		case "subject":
			p.Subject = v
		case "description":
			p.Description = v
		case "keyword", "keywords":
			if n.Child("keyword") == nil && v != "" {
				keys = append(keys, v)
			}
		case "user-defined":
			p.Custom = append(p.Custom, Field{Name: n.Get("name"), Value: v})
		}
	})
	p.Keywords = strings.Join(keys, ", ")
	return p
}
