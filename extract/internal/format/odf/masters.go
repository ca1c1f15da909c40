package odf

import (
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// proposals are the classes of frames whose text in a master only says where text goes.
var proposals = []string{"title", "subtitle", "outline", "text", "page-number"}

// appendMasters adds the texts of masters to the last page.
func appendMasters(texts, masters []string) []string {
	if len(texts) == 0 {
		texts = []string{""}
	}
	for _, s := range masters {
		texts[len(texts)-1] = strings.TrimSpace(texts[len(texts)-1] + "\n\n" + s)
	}
	return texts
}

// masters gives the texts that the masters of a presentation show on its slides, and the footers that
// its slides name: each once. Placeholders only say where text goes.
func (o *odf) masters(styles, body *zipx.Node) []string {
	var out []string
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" && strings.Trim(s, "0123456789/<> -") != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	used := map[string]bool{}
	body.Walk(func(n *zipx.Node) bool {
		switch n.Name {
		case "footer-decl", "header-decl":
			add(n.Content())
		case "page":
			used[n.Get("master-page-name")] = true
		}
		return n.Name != "page"
	})
	styles.Walk(func(n *zipx.Node) bool {
		switch {
		case n.Name == "master-page" && !used[n.Get("name")], n.Name == "notes", n.Get("placeholder") == "true",
			n.Name == "frame" && slices.Contains(proposals, n.Get("class")):
			return false
		case n.Name == "p":
			add(o.inline(n))
			return false
		}
		return n.Name != "styles" && n.Name != "automatic-styles"
	})
	return out
}
