package ooxml

import (
	"fmt"
	"hash/maphash"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// notes are the footnotes, endnotes and comments of a document. A file may have a million of them, so what is kept of each is its text and
// little more. A nil one holds none.
type notes struct {
	seed maphash.Seed
	all  map[uint64]note // by a hash of part and id, which are longer than most
	used []uint64        // in the order they were met
}

type note struct {
	text    string
	number  int32 // its place among those used, from 1; 0 before
	comment bool
}

func newNotes() *notes { return &notes{seed: maphash.MakeSeed(), all: map[uint64]note{}} }

func (s *notes) key(part, id string) uint64 { return maphash.String(s.seed, part+"/"+id) }

// use notes that a note was met and gives its number; 0 for one without a text.
func (s *notes) use(part, id string) int32 {
	if s == nil {
		return 0
	}
	key := s.key(part, id)
	n, ok := s.all[key]
	if ok && n.number == 0 {
		s.used = append(s.used, key)
		n.number = int32(len(s.used))
		s.all[key] = n
	}
	return n.number
}

// loadNotes reads footnotes, endnotes or comments by id.
func (d *docx) loadNotes(part, element string) {
	name := d.part(part)
	_, by := d.f.RelsAndLinks(name)
	links := d.links.of(by)
	var before *zipx.Node
	_ = d.f.Each(name, func(kid *zipx.Node) error {
		rest := kid == before // of a very large one
		before = kid
		kid.Walk(func(n *zipx.Node) bool {
			if n.Name != element {
				return true
			}
			if t := n.Get("type"); t == "separator" || t == "continuationSeparator" || t == "continuationNotice" {
				return false
			}
			text, key := d.story(name, nil, links, n.Kids), d.notes.key(part, n.Get("id"))
			switch a := n.Get("author"); {
			case rest && d.notes.all[key].text != "":
				text = d.notes.all[key].text + "\n" + text
			case element == "comment" && a != "":
				text = a + ": " + text
			}
			if delete(d.notes.all, key); text != "" {
				d.notes.all[key] = note{text: text, comment: element == "comment"}
			}
			return false
		})
		return nil
	})
}

// note marks the place of a foot- or endnote.
func (d *docx) note(b *strings.Builder, part, id string) {
	if n := d.notes.use(part, id); n > 0 {
		fmt.Fprintf(b, "[%d]", n)
	}
}

// flushNotes writes the notes that were met, in order.
func (d *docx) flushNotes() {
	for i, key := range d.notes.used {
		if n := d.notes.all[key]; n.comment {
			d.out.Add("> "+n.text, "\n\n")
		} else {
			d.out.Add(fmt.Sprintf("[%d] %s", i+1, n.text), "\n\n")
		}
		delete(d.notes.all, key) // written down
	}
}
