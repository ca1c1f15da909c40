package ppt97

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

func dedupe(in []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, s := range in {
		if s = strings.TrimSpace(s); s != "" && s != "*" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// pptTexts collects the text boxes below a container, comments included.
func pptTexts(b []byte, depth int) []string {
	var out []string
	if depth > 40 {
		return nil
	}
	records(b, func(r record) {
		switch {
		case r.kind == ptChars || r.kind == ptBytes:
			out = append(out, pptText(r))
		case r.kind == ptCString && depth > 0 && (r.inst == 0 || r.inst == 1 || r.inst == 2):
			if s := le.UTF16(r.body); len(s) > 1 && !strings.HasPrefix(s, "___PPT") {
				out = append(out, s)
			}
		case r.container && r.kind != 0x1388:
			out = append(out, pptTexts(r.body, depth+1)...)
		case r.container:
			out = append(out, comments(r.body, depth+1)...)
		}
	})
	return out
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
			records(r.body, func(c record) {
				if c.kind == ptCString && (c.inst == 0 || c.inst == 1) {
					out = append(out, le.UTF16(c.body))
				}
			})
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
	return strings.NewReplacer("\r", "\n", "\v", "\n", "\x00", "").Replace(s)
}

// pptFlat takes every text of a file whose directory is broken.
func pptFlat(doc []byte) []string {
	t := dedupe(pptTexts(doc, 0))
	if len(t) == 0 {
		return nil
	}
	return []string{strings.Join(t, "\n\n")}
}
