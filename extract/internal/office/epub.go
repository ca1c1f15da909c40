package office

import (
	"net/url"
	"path"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/plain"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/source"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/zipx"
)

// OpenEPUB reads a book in the order of its spine; chapters are cut into pages.
func OpenEPUB(f *zipx.File, lim source.Limits) (source.Source, error) {
	opf := ""
	_ = walkPart(f, "META-INF/container.xml", func(n *zipx.Node) {
		if n.Name == "rootfile" && opf == "" {
			opf = n.Get("full-path")
		}
	})
	root, err := f.Tree(opf)
	if root == nil || len(root.Kids) == 0 {
		return nil, openFail("EPUB", err)
	}
	info := source.Info{Format: "epub", MIME: "application/epub+zip"}
	items := map[string]string{}
	var spine []string
	root.Walk(func(n *zipx.Node) bool {
		switch n.Name {
		case "title":
			if info.Title == "" {
				info.Title = strings.TrimSpace(n.Content())
			}
		case "creator":
			if info.Author == "" {
				info.Author = strings.TrimSpace(n.Content())
			}
		case "item":
			if m := n.Get("media-type"); strings.Contains(m, "html") || strings.Contains(m, "xml") && !strings.Contains(m, "ncx") && !strings.Contains(m, "svg") {
				items[n.Get("id")] = n.Get("href")
			}
		case "itemref":
			spine = append(spine, n.Get("idref"))
		}
		return true
	})
	if f.Has("META-INF/encryption.xml") && drm(f) {
		return nil, source.Encrypted("EPUB")
	}
	var texts []string
	for _, id := range spine {
		href, ok := items[id]
		if !ok {
			continue
		}
		if u, err := url.PathUnescape(href); err == nil {
			href = u
		}
		href, _, _ = strings.Cut(href, "#")
		data, err := f.Bytes(path.Join(path.Dir(opf), href))
		if err != nil {
			if isBudget(err) {
				return nil, openFail("EPUB", err)
			}
			continue
		}
		texts = append(texts, Paginate(plain.HTML(data, "text/html; charset=utf-8").Text)...)
	}
	if len(texts) == 0 {
		return nil, source.Failf(source.CodeNoText, nil, "The book has no text.")
	}
	return &source.Static{Meta: info, Texts: texts}, nil
}

// drm tells real encryption from mangled fonts, which need no key to read the text.
func drm(f *zipx.File) bool {
	found := false
	_ = walkPart(f, "META-INF/encryption.xml", func(n *zipx.Node) {
		if n.Name == "EncryptionMethod" {
			a := n.Get("Algorithm")
			if !strings.Contains(a, "idpf.org") && !strings.Contains(a, "ns.adobe.com") {
				found = true
			}
		}
	})
	return found
}

func walkPart(f *zipx.File, name string, visit func(*zipx.Node)) error {
	root, err := f.Tree(name)
	if root != nil {
		root.Walk(func(n *zipx.Node) bool { visit(n); return true })
	}
	return err
}
