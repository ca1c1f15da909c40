// Package odf reads OpenDocument texts, spreadsheets and presentations, in a package or in one XML file. A file
// is refused by a *doc.Fail: damaged, encrypted, or unpacking to more than the limits.
package odf

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/formula"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/props"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// odf walks content.xml of an OpenDocument file.
type odf struct {
	f      *zipx.File
	out    flow.Pager
	top    *flow.Pager    // of the document: pictures in cells stand on its pages
	pics   *flow.Pictures // nil where there are no pages, as in headers
	depth  int
	lists  []odfList
	fmts   map[string]map[int]odfLevel // list style → level
	ends   map[listKey]int             // where the last list of a style ended
	ids    map[string]int              // where the list of an id ended
	notes  []string
	text   int
	in     *flow.Inside // files of other programs; nil where they are not read
	level  int          // how many documents this one stands in
	book   bool         // the file is a spreadsheet
	links  *doc.Links   // where words of the document lead; nil in documents in it
	cell   bool         // this is a cell of one of its sheets
	shows  shows
	wide   *zipx.Node  // the table whose hidden columns are known: a very large one comes in pieces
	unseen flow.Ranges // these
}

// OpenODF reads odt, ods and odp files; format says which.
func OpenODF(f *zipx.File, format, mime string, lim doc.Limits) (doc.Source, error) {
	if encryptedODF(f) {
		return nil, doc.Encrypted("OpenDocument")
	}
	o := &odf{f: f, fmts: map[string]map[int]odfLevel{}, ends: map[listKey]int{}, ids: map[string]int{}, shows: shows{}, text: lim.MaxText, book: isSpreadsheet(f), links: &doc.Links{}}
	root, breaks, err := o.outline()
	if root == nil || len(root.Kids) == 0 {
		return nil, zipx.OpenFail("OpenDocument", err)
	}
	if lim.Embedded != nil {
		o.in = flow.NewInside(lim)
	}
	styles := beside(f, "styles.xml")
	for _, r := range []*zipx.Node{root, styles} {
		if r != nil {
			o.loadLists(r)
			o.shows.load(r)
		}
	}
	o.out.Hard = format != "odt" || breaks
	o.top = &o.out
	if styles != nil {
		o.headers(styles, root, "header")
	}
	o.pics = &flow.Pictures{}
	o.out.Add(formula.OfPart(root), "\n\n")
	_, _ = o.each(func(n *zipx.Node) {
		o.depth++
		o.block(n)
		o.depth--
	})
	for _, n := range o.notes {
		o.out.Add(n, "\n\n")
	}
	if styles != nil {
		o.headers(styles, root, "footer")
	}
	texts := o.out.Done()
	if styles != nil && format == "odp" {
		texts = appendMasters(texts, o.masters(styles, root))
	}
	s := flow.Static(f, format, mime, props.OfODF(f), texts, o.pics)
	s.Meta.Links = *o.links
	return s, nil
}

func encryptedODF(f *zipx.File) bool {
	root, _ := f.Tree("META-INF/manifest.xml")
	found := false
	if root != nil {
		root.Walk(func(n *zipx.Node) bool {
			found = found || n.Name == "encryption-data"
			return !found
		})
	}
	return found
}

// each reads the content block by block: a large document is never in memory as a tree. It gives the tree without the blocks.
func (o *odf) each(visit func(*zipx.Node)) (*zipx.Node, error) {
	r, err := o.f.Reader("content.xml")
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return zipx.EachOf(r, inBody, func(n *zipx.Node) error {
		visit(n)
		return nil
	})
}

// inBody says that elements here are a document's blocks: they stand in the one element of its body, which is named by the kind of document.
func inBody(stack []*zipx.Node) bool {
	return len(stack) == 4 && (stack[1].Name == "document-content" || stack[1].Name == flatRoot) && stack[2].Name == "body"
}

// flatRoot is the outermost element of a document in one XML file.
const flatRoot = "document"

// beside is a part without a document's blocks, which all parts of a document in one file share; nil without it.
func beside(f *zipx.File, part string) *zipx.Node {
	r, err := f.Reader(part)
	if err != nil {
		return nil
	}
	defer r.Close()
	root, _ := zipx.EachOf(r, inBody, func(*zipx.Node) error { return nil })
	return root
}

// outline is the content without what is in its blocks, and whether the file names its page borders.
func (o *odf) outline() (root *zipx.Node, breaks bool, err error) {
	var blocks []*zipx.Node
	root, err = o.each(func(n *zipx.Node) {
		switch n.Name {
		case "page": // what master it has
			blocks = append(blocks, &zipx.Node{Name: n.Name, Attr: n.Attr})
		case "footer-decl", "header-decl":
			blocks = append(blocks, n)
		}
		n.Walk(func(k *zipx.Node) bool { breaks = breaks || k.Name == "soft-page-break"; return !breaks })
	})
	if root == nil {
		return nil, false, err
	}
	body := root.Child("document-content", "body")
	if body == nil {
		body = root.Child(flatRoot, "body")
	}
	if body != nil && len(body.Kids) > 0 {
		kind := body.Kids[len(body.Kids)-1]
		kind.Kids = append(kind.Kids, blocks...)
	}
	return root, breaks, err
}

func (o *odf) kids(n *zipx.Node) {
	if o.depth++; o.depth < 100 {
		for _, k := range n.Kids {
			o.block(k)
		}
	}
	o.depth--
}

func (o *odf) block(n *zipx.Node) {
	if unseen(n) {
		return
	}
	switch n.Name {
	case "h":
		o.para(strings.Repeat("#", min(6, max(1, zipx.Atoi(n.Get("outline-level"), 1))))+" ", n, false)
	case "p":
		o.para("", n, false)
	case "list":
		o.list(n)
	case "table":
		o.table(n)
	case "page":
		o.out.Cut()
		o.kids(n)
		o.out.Cut()
	case "soft-page-break":
		o.out.Cut()
	case "notes":
		for _, p := range zipx.Paragraphs(n) {
			if s := strings.TrimSpace(o.inline(p)); s != "" {
				o.out.Add("> "+s, "\n\n")
			}
		}
	case "tracked-changes", "sequence-decls", "forms", "variable-decls", "user-field-decls", "settings", "dde-connection-decls", "styles", "calculation-settings":
	case "title", "desc":
		o.description(n)
	case "annotation":
		o.out.Add(comment(n), "\n\n") // on a slide
	case "object":
		if !o.object(n) {
			o.kids(n)
		}
	case "object-ole":
		o.foreign(n.Get("href"))
	case "image":
		o.picture(n.Get("href"))
		o.kids(n)
	case "":
	default:
		o.kids(n)
	}
}

// para writes a paragraph with what stands before it; list says that it is an item of a list.
func (o *odf) para(prefix string, n *zipx.Node, list bool) {
	if hiddenParagraph(n) {
		return
	}
	pieces := strings.Split(o.inline(n), flow.PageMark)
	for i, s := range pieces {
		pieces[i] = strings.TrimSpace(s)
	}
	o.out.Paragraph(prefix, pieces, list)
	o.anchored(n)
}

// anchored writes frames and text boxes that hang on a paragraph, after it.
func (o *odf) anchored(n *zipx.Node) {
	n.Walk(func(k *zipx.Node) bool {
		if unseen(k) {
			return false
		}
		switch k.Name {
		case "text-box":
			o.kids(k)
			return false
		case "table":
			o.table(k)
			return false
		case "custom-shape", "rect", "ellipse", "polygon":
			o.kids(k)
			return false
		case "desc", "title":
			o.description(k)
			return false
		case "object":
			return !o.object(k)
		case "object-ole":
			o.foreign(k.Get("href"))
		case "image":
			o.picture(k.Get("href"))
		}
		return true
	})
}

// description writes the description of a picture or an object.
func (o *odf) description(n *zipx.Node) {
	if s := strings.TrimSpace(n.Content()); s != "" {
		o.out.Add("["+s+"]", "\n\n")
	}
}

// picture notes a picture by its name in the file.
func (o *odf) picture(href string) {
	if o.pics != nil {
		o.pics.Add(len(o.top.Pages), strings.TrimPrefix(href, "./"))
	}
}
