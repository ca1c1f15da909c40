// Package epub reads e-books along their spine.
package epub

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/html"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/props"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// OpenEPUB reads a book in the order of its spine; chapters are cut into pages. It refuses a book by a *doc.Fail: damaged, encrypted,
// without text, or unpacking to more than the limits.
func OpenEPUB(f *zipx.File, lim doc.Limits) (doc.Source, error) {
	opf := ""
	_ = zipx.WalkPart(f, "META-INF/container.xml", func(n *zipx.Node) {
		if n.Name == "rootfile" && opf == "" {
			opf = n.Get("full-path")
		}
	})
	root, err := f.Tree(opf)
	if root == nil || len(root.Kids) == 0 {
		return looseEPUB(f, err)
	}
	info := doc.Info{Format: "epub", MIME: "application/epub+zip"}
	items := map[string]string{}
	var p props.Props
	var writers, subjects []string
	var spine []string
	root.Walk(func(n *zipx.Node) bool {
		switch n.Name {
		case "title":
			if p.Title == "" {
				p.Title = strings.TrimSpace(n.Content())
			}
		case "creator":
			writers = append(writers, strings.TrimSpace(n.Content()))
		case "subject":
			subjects = append(subjects, strings.TrimSpace(n.Content()))
		case "description":
			p.Description = html.HTMLText(n.Content()).Text
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
		return nil, doc.Encrypted("EPUB")
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
			if zipx.IsBudget(err) {
				return nil, zipx.OpenFail("EPUB", err)
			}
			if len(data) == 0 {
				continue
			}
		}
		texts = append(texts, chapter(data, &info)...)
	}
	if len(texts) == 0 {
		return nil, doc.Failf(doc.CodeNoText, nil, "The book has no text; upload a complete copy.")
	}
	p.Author, p.Keywords = strings.Join(writers, ", "), strings.Join(subjects, ", ")
	info.Title, info.Author = p.Title, p.Author
	return &doc.Static{Meta: info, Texts: p.AppendBook(texts)}, nil
}

// looseEPUB reads the chapters of a book whose table of contents is lost, in the order of their names.
func looseEPUB(f *zipx.File, cause error) (doc.Source, error) {
	names := f.Names()
	slices.SortFunc(names, flow.Natural)
	info := doc.Info{Format: "epub", MIME: "application/epub+zip"}
	var texts []string
	for _, n := range names {
		switch path.Ext(n) {
		case ".xhtml", ".html", ".htm":
			data, err := f.Bytes(n)
			if zipx.IsBudget(err) {
				return nil, zipx.OpenFail("EPUB", err)
			}
			texts = append(texts, chapter(data, &info)...)
		}
	}
	if len(texts) == 0 {
		return nil, zipx.OpenFail("EPUB", cause)
	}
	return &doc.Static{Meta: info, Texts: texts}, nil
}

// chapter gives the pages of a chapter, and tells where its words lead.
func chapter(data []byte, info *doc.Info) []string {
	page := html.HTML(data, "text/html; charset=utf-8")
	info.Links.AddAll(page.Links)
	return flow.Paginate(page.Text)
}

// drm tells real encryption from mangled fonts, which need no key to read the text.
func drm(f *zipx.File) bool {
	found := false
	_ = zipx.WalkPart(f, "META-INF/encryption.xml", func(n *zipx.Node) {
		if n.Name == "EncryptionMethod" {
			a := n.Get("Algorithm")
			if !strings.Contains(a, "idpf.org") && !strings.Contains(a, "ns.adobe.com") {
				found = true
			}
		}
	})
	return found
}
