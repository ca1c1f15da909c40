package ppt97

import (
	"hash/maphash"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// once tells texts that say something from those that were told before. It keeps their hashes alone: there may be millions.
type once struct {
	seed maphash.Seed
	seen map[uint64]struct{}
}

func newOnce() once { return once{maphash.MakeSeed(), map[uint64]struct{}{}} }

// take gives the text without white space around it, "" for one that says nothing or was taken before.
func (o once) take(s string) string {
	if s = strings.TrimSpace(s); s == "" || s == "*" {
		return ""
	}
	h := maphash.String(o.seed, s)
	if _, ok := o.seen[h]; ok {
		return ""
	}
	o.seen[h] = struct{}{}
	return s
}

// dedupe gives each text once.
func dedupe(in []string) []string {
	o := newOnce()
	var out []string
	for _, s := range in {
		if s = o.take(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// pptTexts collects the text boxes below a container, comments included.
func pptTexts(b []byte, depth int) []string {
	var out []string
	eachText(b, depth, func(s string) { out = append(out, s) })
	return out
}

// eachText gives the texts of pptTexts one by one: they may be millions.
func eachText(b []byte, depth int, found func(string)) {
	if depth > 40 {
		return
	}
	records(b, func(r record) {
		switch {
		case r.kind == ptChars || r.kind == ptBytes:
			found(pptText(r))
		case r.kind == ptCString && depth > 0 && (r.inst == 0 || r.inst == 1 || r.inst == 2):
			if s := le.UTF16(r.body); len(s) > 1 && !strings.HasPrefix(s, "___PPT") {
				found(s)
			}
		case r.kind == odGroup && isTable(r.body):
			tableText(r.body, depth+1, found)
		case r.container && r.kind != 0x1388:
			eachText(r.body, depth+1, found)
		case r.container:
			for _, s := range comments(r.body, depth+1) {
				found(s)
			}
		}
	})
}

// comments digs reviewers' comments out of the programmable tags of a slide.
func comments(b []byte, depth int) []string {
	var out []string
	if depth > 40 {
		return nil
	}
	records(b, func(r record) {
		switch {
		case r.kind == ptComment:
			var by, text string
			records(r.body, func(c record) {
				switch {
				case c.kind == ptCString && c.inst == 0:
					by = strings.TrimSpace(le.UTF16(c.body))
				case c.kind == ptCString && c.inst == 1:
					text = strings.TrimSpace(le.UTF16(c.body))
				}
			})
			if text != "" && by != "" {
				text = by + ": " + text
			}
			if text != "" {
				out = append(out, "> "+strings.ReplaceAll(text, "\r", "\n> "))
			}
		case r.container || r.kind == 0x138b:
			out = append(out, comments(r.body, depth+1)...)
		}
	})
	return out
}

func pptText(r record) string {
	s := le.Latin1(r.body)
	if r.kind == ptChars {
		s = le.UTF16(r.body)
	}
	return plain.Replace(s)
}

// plain writes a line end as others do.
var plain = strings.NewReplacer("\r", "\n", "\v", "\n", "\x00", "")

// maxFlat bounds the text, in bytes, of a file whose directory is broken; it is more than a page may have.
const maxFlat = 64 << 20

// pptFlat takes every text of a file whose directory is broken, each once.
func pptFlat(doc []byte) []string {
	o := newOnce()
	var out strings.Builder
	eachText(doc, 0, func(s string) {
		if out.Len() > maxFlat {
			return
		}
		if s = o.take(s); s != "" {
			if out.Len() > 0 {
				out.WriteString("\n\n")
			}
			out.WriteString(s)
		}
	})
	if out.Len() == 0 {
		return nil
	}
	return []string{out.String()}
}
