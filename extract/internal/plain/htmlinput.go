package plain

import (
	"strings"

	"golang.org/x/net/html"
)

func (w *walker) item() {
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
			mark = itoa(l.n) + ". "
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
			if text := htmlText(a.Val, w.depth+1).Text; text != "" {
				w.para(2)
				w.flush()
				w.out.WriteString(text)
				w.para(2)
			}
		}
	}
}
