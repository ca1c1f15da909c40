package html

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numbering"
)

// numberings are the kinds of numbers that lists name.
var numberings = map[string]string{"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}

func newList(t html.Token) list {
	l := list{ordered: t.DataAtom == atom.Ol, format: "decimal"}
	for _, a := range t.Attr {
		switch a.Key {
		case "start":
			if n, err := strconv.Atoi(a.Val); err == nil {
				l.n = n - 1
			}
		case "type":
			if f := numberings[a.Val]; f != "" {
				l.format = f
			}
		}
	}
	return l
}

func (w *walker) item(t html.Token) {
	w.para(1)
	if w.skip > 0 {
		return
	}
	w.flush()
	mark := "- "
	if n := len(w.lists); n > 0 {
		w.out.WriteString(strings.Repeat("  ", n-1))
		if l := &w.lists[n-1]; l.ordered {
			l.n++
			for _, a := range t.Attr {
				if n, err := strconv.Atoi(a.Val); a.Key == "value" && err == nil {
					l.n = n
				}
			}
			mark = numbering.Text(l.n, l.format) + ". "
		}
	}
	w.out.WriteString(mark)
}

func (w *walker) image(t html.Token) {
	if w.skip > 0 {
		return
	}
	for _, a := range t.Attr {
		if a.Key == "alt" && strings.TrimSpace(a.Val) != "" && len(a.Val) < 2000 {
			w.flush()
			w.out.WriteString(strings.TrimSpace(a.Val))
			w.links.say(a.Val)
		}
	}
}

func (w *walker) input(t html.Token) {
	kind, val := "", ""
	for _, a := range t.Attr {
		switch a.Key {
		case "type":
			kind = strings.ToLower(a.Val)
		case "value":
			val = strings.TrimSpace(a.Val)
		}
	}
	if val != "" && w.skip == 0 && (kind == "text" || kind == "submit" || kind == "button") {
		w.space = true
		w.flush()
		w.out.WriteString(val)
		w.space = true
	}
}

// frame writes the document that a frame carries in its own tag.
func (w *walker) frame(t html.Token) {
	if w.skip > 0 || w.depth >= maxFrames {
		return
	}
	for _, a := range t.Attr {
		if a.Key == "srcdoc" {
			inner := htmlText(a.Val, w.depth+1)
			for _, l := range inner.Links {
				w.links.add(l.Text, l.Target)
			}
			if inner.Text != "" {
				w.para(2)
				w.flush()
				w.out.WriteString(inner.Text)
				w.para(2)
			}
		}
	}
}
