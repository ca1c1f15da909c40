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
		switch n.Name {
		case "title":
			p.Title = content(n)
		case "creator":
			p.Author = content(n)
		case "subject":
			p.Subject = content(n)
		case "description":
			p.Description = content(n)
		case "keywords":
			p.Keywords = content(n)
		case "category":
			p.Category = content(n)
		}
	})
	_ = zipx.WalkPart(f, rels.Part("custom-properties", "docProps/custom.xml"), func(n *zipx.Node) {
		if n.Name == "property" {
			p.custom(n)
		}
	})
	return p
}

func content(n *zipx.Node) string { return strings.TrimSpace(n.Content()) }

func (p *Props) custom(n *zipx.Node) {
	if len(p.Custom) < maxCustom {
		p.Custom = append(p.Custom, Field{Name: n.Get("name"), Value: content(n)})
	}
}

// OfODF reads meta.xml.
func OfODF(f *zipx.File) Props {
	var p Props
	var keys []string
	_ = f.Each("meta.xml", func(meta *zipx.Node) error {
		if meta.Name != "meta" { // of a document in one file
			return nil
		}
		meta.Walk(func(n *zipx.Node) bool {
			switch n.Name {
			case "title":
				p.Title = content(n)
			case "initial-creator":
				p.Author = content(n)
			case "creator":
				if p.Author == "" {
					p.Author = content(n)
				}
			case "subject":
				p.Subject = content(n)
			case "description":
				p.Description = content(n)
			case "keyword", "keywords":
				if v := content(n); n.Child("keyword") == nil && v != "" && len(keys) < maxValue {
					keys = append(keys, v)
				}
			case "user-defined":
				p.custom(n)
			}
			return true
		})
		return nil
	})
	p.Keywords = strings.Join(keys, ", ")
	return p
}
