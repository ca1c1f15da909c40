// Package ppt97 reads presentations of PowerPoint 97 to 2003.
package ppt97

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// Record types of the PowerPoint stream.
const (
	ptSlide     = 0x03ee
	ptNotes     = 0x03f0
	ptMaster    = 0x03f8
	ptDocument  = 0x03e8
	ptSlideAtom = 0x03f3
	ptSlideList = 0x0ff0
	ptChars     = 0x0fa0
	ptBytes     = 0x0fa8
	ptCString   = 0x0fba
	ptUserEdit  = 0x0ff5
	ptPersist   = 0x1772
	ptComment   = 0x2ee0
	ptHeadFoot  = 0x0fd9
	ptHeadAtom  = 0x0fda
	ptObject    = 0x1011
)

// record is one record of the stream; containers hold records.
type record struct {
	kind, inst int
	container  bool
	body       []byte
}

// records walks a run of records; one whose length goes beyond the data is the last.
func records(b []byte, visit func(record)) {
	for len(b) >= 8 {
		vi, kind, n := le.U16(b, 0), le.U16(b, 2), le.U32(b, 4)
		if n > len(b)-8 {
			n = len(b) - 8
		}
		visit(record{kind: kind, inst: vi >> 4, container: vi&15 == 15, body: b[8 : 8+n]})
		b = b[8+n:]
	}
}

// slideText collects the text of one slide.
type slideText struct {
	texts []string
	id    int
}

// PowerPoint reads a PowerPoint 97–2003 file: one text a slide, with its notes. It gives cfb.ErrFormat for another file
// and cfb.ErrEncrypted for one with a password.
func PowerPoint(f *cfb.File) ([]string, error) {
	doc := f.Read("PowerPoint Document")
	if doc == nil {
		return nil, cfb.ErrFormat
	}
	cur := f.Read("Current User")
	if le.U32(cur, 12) == 0xf3d1c4df || f.Has("EncryptedSummary") {
		return nil, cfb.ErrEncrypted
	}
	if s := pptSlides(doc, le.U32(cur, 16)); len(s) > 0 {
		return s, nil
	}
	return pptFlat(doc), nil
}

// pptSlides follows the directory of live objects, so that text of older saves stays out.
func pptSlides(doc []byte, edit int) []string {
	objects, docID := liveObjects(doc, edit)
	root := object(doc, objects, docID, ptDocument)
	if root == nil {
		return nil
	}
	var slides []*slideText
	var notes, masters []string
	records(root, func(r record) {
		if r.kind == ptHeadFoot && len(masters) < 100 {
			masters = append(masters, headFoot(r.body)...)
		}
		if r.kind != ptSlideList {
			return
		}
		list := slideList(r.body)
		switch r.inst {
		case 0:
			slides = append(slides, list...)
		case 1:
			for _, s := range list[:min(len(list), 100)] {
				masters = append(masters, fixedTexts(object(doc, objects, s.id, ptMaster), 0)...)
			}
		case 2:
			for _, s := range list[:min(len(list), 5000)] {
				notes = append(notes, strings.Join(pptTexts(object(doc, objects, s.id, ptNotes), 0), "\n"))
			}
		}
	})
	var out []string
	work := 4 * len(doc) // slides that share an object must not multiply the work
	for i, s := range slides {
		body := object(doc, objects, s.id, ptSlide)
		if work -= len(body); work < 0 {
			break
		}
		text := strings.Join(merge(s.texts, pptTexts(body, 0)), "\n\n")
		if n := noteIndex(body); n > 0 && i < len(notes) && strings.TrimSpace(notes[min(i, len(notes)-1)]) != "" {
			text += "\n\n> " + strings.ReplaceAll(notes[min(i, len(notes)-1)], "\n", "\n> ")
		}
		out = append(out, strings.TrimSpace(text))
	}
	if fixed := dedupe(masters); len(fixed) > 0 && len(out) > 0 {
		out[0] = strings.TrimSpace(out[0] + "\n\n" + strings.Join(fixed, "\n\n"))
	}
	return out
}

// merge adds the texts of a slide's shapes to those of the outline, which hold the placeholders among them: each of
// the outline stands for one shape of the same text, so that equal cells of a table all stay.
func merge(outline, drawn []string) []string {
	left, out := map[string]int{}, []string(nil)
	for _, t := range outline {
		if t = strings.TrimSpace(t); t != "" && t != "*" {
			left[t]++
			out = append(out, t)
		}
	}
	for _, t := range drawn {
		if t = strings.TrimSpace(t); t == "" || t == "*" {
			continue
		}
		if left[t] > 0 {
			left[t]--
			continue
		}
		out = append(out, t)
	}
	return out
}

// liveObjects follows the saves of a file, the newest first, and gives where each object stands and
// which one is the document.
func liveObjects(doc []byte, edit int) (objects map[int]int, docID int) {
	objects = map[int]int{}
	for range 1000 {
		if edit <= 0 || edit+36 > len(doc) || le.U16(doc, edit+2) != ptUserEdit {
			break
		}
		b := doc[edit+8:]
		if docID == 0 {
			docID = le.U32(b, 16)
		}
		persist(doc, le.U32(b, 12), objects)
		prev := le.U32(b, 8)
		if prev >= edit {
			break
		}
		edit = prev
	}
	return objects, docID
}

// headFoot gives the header and the footer that all slides or notes show.
func headFoot(b []byte) []string {
	var out []string
	flags := 0
	records(b, func(r record) {
		switch {
		case r.kind == ptHeadAtom:
			flags = le.U16(r.body, 2)
		case r.kind == ptCString && (r.inst == 1 && flags&0x10 != 0 || r.inst == 2 && flags&0x20 != 0):
			out = append(out, le.UTF16(r.body))
		}
	})
	return out
}

// fixedTexts are the text boxes a master shows on every slide: shapes without a placeholder.
func fixedTexts(b []byte, depth int) []string {
	var out []string
	if depth > 40 {
		return nil
	}
	records(b, func(r record) {
		switch {
		case r.kind == 0xf004: // a shape
			if !hasPlaceholder(r.body, 0) {
				out = append(out, pptTexts(r.body, 1)...)
			}
		case r.container:
			out = append(out, fixedTexts(r.body, depth+1)...)
		}
	})
	return out
}

func hasPlaceholder(b []byte, depth int) bool {
	found := false
	if depth > 10 {
		return false
	}
	records(b, func(r record) {
		if r.kind == 0x0bc3 || r.container && hasPlaceholder(r.body, depth+1) {
			found = true
		}
	})
	return found
}

// noteIndex is the id of a slide's notes, 0 without.
func noteIndex(slide []byte) int {
	id := 0
	records(slide, func(r record) {
		if r.kind == 0x03ef && len(r.body) >= 20 {
			id = le.U32(r.body, 16)
		}
	})
	return id
}

func persist(doc []byte, at int, objects map[int]int) {
	if at <= 0 || at+8 > len(doc) || le.U16(doc, at+2) != ptPersist {
		return
	}
	b := bodyAt(doc, at)
	for len(b) >= 4 {
		head := le.U32(b, 0)
		id, n := head&0xfffff, head>>20
		b = b[4:]
		for i := 0; i < n && len(b) >= 4; i++ {
			if _, newer := objects[id+i]; !newer {
				objects[id+i] = le.U32(b, 0)
			}
			b = b[4:]
		}
	}
}

func object(doc []byte, objects map[int]int, id, kind int) []byte {
	at, ok := objects[id]
	if !ok || at < 0 || at+8 > len(doc) || le.U16(doc, at+2) != kind {
		return nil
	}
	return bodyAt(doc, at)
}

// bodyAt is what the record at an offset holds; its header of 8 bytes is within the stream.
func bodyAt(doc []byte, at int) []byte { return doc[at+8 : min(len(doc), at+8+le.U32(doc, at+4))] }

// slideList groups the outline's texts by slide.
func slideList(b []byte) []*slideText {
	var out []*slideText
	records(b, func(r record) {
		switch r.kind {
		case ptSlideAtom:
			out = append(out, &slideText{id: le.U32(r.body, 0)})
		case ptChars, ptBytes:
			if len(out) > 0 {
				s := out[len(out)-1]
				s.texts = append(s.texts, pptText(r))
			}
		}
	})
	return out
}
