// Package word97 reads documents of Word 97 to 2003.
package word97

import (
	"strings"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numbering"
)

// Word reads the text of a Word 97–2003 document: body, text boxes, notes, comments, headers. Paragraphs are parted by an empty line,
// cells by tabs, pages by form feeds. The text comes in pieces with nothing between them, for it may be large. It gives cfb.ErrFormat for another
// file, cfb.ErrEncrypted for one with a password, and cfb.ErrBudget for one whose text begins with more than most bytes without the end of a
// page, where most is not 0. links, which may be nil, gets where words of it lead.
func Word(f *cfb.File, most int, links *doc.Links) ([]string, error) {
	main := f.Read("WordDocument")
	if len(main) < 0x1aa {
		return nil, cfb.ErrFormat
	}
	if id := le.U16(main, 0); id != 0xa5ec && id != 0xa5dc {
		return nil, cfb.ErrFormat
	}
	flags := le.U16(main, 10)
	if flags&0x100 != 0 {
		return nil, cfb.ErrEncrypted
	}
	if le.U16(main, 2) < 101 {
		return within(most, oldWord(main, most))
	}
	table := f.Read("0Table")
	if flags&0x200 != 0 || table == nil {
		if t := f.Read("1Table"); t != nil {
			table = t
		}
	}
	d := &document{main: main, most: most, links: links, lists: numbering.NewLists()}
	if !d.loadText(table) {
		return within(most, oldWord(main, most))
	}
	d.loadParagraphs(table)
	d.loadStyles(table)
	d.loadLists(table)
	d.loadHidden(table)
	return within(most, d.text())
}

// within refuses a text of more than most bytes without the end of a page: it was not read to its end.
func within(most int, text []string) ([]string, error) {
	total := 0
	for _, s := range text {
		if strings.Contains(s, "\f") {
			return text, nil
		}
		total += len(s)
	}
	if most > 0 && total > most {
		return nil, cfb.ErrBudget
	}
	return text, nil
}

// text joins the stories of the document: body, text boxes, notes, comments, headers.
func (d *document) text() []string {
	at := 0
	take := func(field int) []string {
		from := at
		at = max(at, min(at+le.U32(d.main, field), d.units))
		return trimmed(d.story(from, at))
	}
	body := take(0x4c)
	foot := take(0x50)
	head := take(0x54)
	take(0x58)
	notes := take(0x5c)
	end := take(0x60)
	boxes := take(0x64)
	headBoxes := take(0x68)
	var out []string
	for _, s := range [][]string{body, boxes, foot, end, notes, unique(head), headBoxes} {
		if len(s) > 0 && len(out) > 0 {
			out = append(out, "\n\n")
		}
		out = append(out, s...)
	}
	return out
}

// trimmed takes white space from both ends of a text in pieces.
func trimmed(pieces []string) []string {
	for len(pieces) > 0 {
		if pieces[0] = strings.TrimLeftFunc(pieces[0], unicode.IsSpace); pieces[0] != "" {
			break
		}
		pieces = pieces[1:]
	}
	for n := len(pieces) - 1; n >= 0; n-- {
		if pieces[n] = strings.TrimRightFunc(pieces[n], unicode.IsSpace); pieces[n] != "" {
			break
		}
		pieces = pieces[:n]
	}
	return pieces
}

// unique keeps each line of the headers once: they are stored for each section and page kind.
func unique(pieces []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, l := range strings.Split(strings.Join(pieces, ""), "\n") {
		if t := strings.TrimSpace(l); t != "" && !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return trimmed([]string{strings.Join(out, "\n")})
}
