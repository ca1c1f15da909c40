package office

import (
	"encoding/xml"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/zipx"
)

// furniture reads header and footer texts of the printed sheet.
func (x *xlsx) furniture(part string) ([]string, error) {
	var out []string
	in := false
	err := x.f.XML(part, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter":
				in = true
			}
		case xml.EndElement:
			in = false
		case xml.CharData:
			if in {
				if s := headerText(string(t)); s != "" && !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
		}
		return nil
	})
	return out, err
}

// headerText drops the codes of a printed header: &L &"font,bold" &12 &P.
func headerText(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '&' || i+1 >= len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch c := s[i]; {
		case c == '&':
			b.WriteByte('&')
		case c == '"':
			if j := strings.IndexByte(s[i+1:], '"'); j >= 0 {
				i += j + 1
			}
		case c == 'K':
			i = min(i+6, len(s)-1)
		case c >= '0' && c <= '9':
			for i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' {
				i++
			}
		default:
			b.WriteByte(' ')
		}
	}
	s = strings.Join(strings.Fields(b.String()), " ")
	if strings.Trim(s, "0123456789 -/of") == "" || s == "Page" {
		return ""
	}
	return s
}

// attached gives text boxes, charts and comments of a sheet.
func (x *xlsx) attached(rels map[string]zipx.Rel) []string {
	var out []string
	ids := make([]string, 0, len(rels))
	for id := range rels {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		r := rels[id]
		if r.External {
			continue
		}
		switch r.Type {
		case "drawing":
			if s := drawingText(x.f, r.Target); s != "" {
				out = append(out, s)
			}
			sub := x.f.Rels(r.Target)
			keys := make([]string, 0, len(sub))
			for k := range sub {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			for _, k := range keys {
				if d := sub[k]; !d.External && (d.Type == "chart" || d.Type == "diagramData") {
					if s := drawingText(x.f, d.Target); s != "" {
						out = append(out, s)
					}
				}
			}
		case "comments", "threadedComment":
			root, _ := x.f.Tree(r.Target)
			if root == nil {
				continue
			}
			root.Walk(func(n *zipx.Node) bool {
				if n.Name == "comment" || n.Name == "threadedComment" {
					if s := strings.TrimSpace(n.Content()); s != "" {
						out = append(out, "> "+s)
					}
					return false
				}
				return true
			})
		}
	}
	return out
}
