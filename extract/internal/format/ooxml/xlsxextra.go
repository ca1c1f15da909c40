package ooxml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numfmt"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// maxHeaderFooter bounds the headers and footers of a sheet, which Excel keeps below 256 letters each.
const maxHeaderFooter = 64 << 10

// headerFooter reads header and footer texts of the printed sheet.
func (x *xlsx) headerFooter(part string) ([]string, error) {
	r, err := x.f.Reader(part)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var out []string
	in := false
	b := zipx.Find(r, "headerFooter", maxHeaderFooter)
	err = zipx.Tokens(io.MultiReader(strings.NewReader("<"), bytes.NewReader(b)), func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter":
				in = true
			}
		case xml.EndElement:
			in = false
			if t.Name.Local == "headerFooter" {
				return io.EOF
			}
		case xml.CharData:
			if in {
				if s := numfmt.HeaderText(string(t)); s != "" && !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
		}
		return nil
	})
	if len(out) > 0 || errors.Is(err, io.EOF) {
		err = nil // what follows is cut off somewhere
	}
	return out, err
}

// attached gives text boxes, charts and comments of a sheet.
func (x *xlsx) attached(rels zipx.Rels) []string {
	var out []string
	for _, r := range rels.Sorted() {
		switch r.Type {
		case "drawing":
			if s := drawingText(x.f, r.Target); s != "" {
				out = append(out, s)
			}
			for _, d := range x.f.Rels(r.Target).Sorted() {
				switch d.Type {
				case "image":
					x.pics.Add(x.page, d.Target)
				case "chart", "chartEx", "diagramData":
					if s := drawingText(x.f, d.Target); s != "" {
						out = append(out, s)
					}
				}
			}
		case "comments", "threadedComment":
			if !isBinary(r.Target) {
				out = append(out, sheetComments(x.f, r.Target, len(rels.Targets("threadedComment")) > 0)...)
			}
		}
	}
	return out
}

// threadAuthor begins the author of a comment that only stands for a conversation, for programs that do not know these.
const threadAuthor = "tc="

// sheetComments gives the comments of a sheet with who wrote them, where they do not say that themselves. threads says that there are conversations
// too, in a part of their own.
func sheetComments(f *zipx.File, part string, threads bool) (out []string) {
	root, _ := f.Tree(part)
	if root == nil {
		return nil
	}
	var authors []string
	root.Walk(func(n *zipx.Node) bool {
		switch n.Name {
		case "author":
			authors = append(authors, strings.TrimSpace(n.Content()))
			return false
		case "comment", "threadedComment":
		default:
			return true
		}
		text := n.Child("text")
		if text == nil {
			return false
		}
		s := strings.TrimSpace(richText(text))
		if n.Name == "threadedComment" {
			s = strings.TrimSpace(text.Content())
		}
		if i := zipx.Atoi(n.Get("authorId"), -1); s != "" && i >= 0 && i < len(authors) {
			switch by := authors[i]; {
			case strings.HasPrefix(by, threadAuthor):
				if threads {
					return false
				}
			case by != "" && !strings.HasPrefix(s, by):
				s = by + ": " + s
			}
		}
		if s != "" {
			out = append(out, "> "+s)
		}
		return false
	})
	return out
}
