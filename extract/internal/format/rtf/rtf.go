// Package rtf reads Rich Text Format as plain text with lists and tables.
package rtf

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
)

// ErrNotRTF is the answer to other content.
var ErrNotRTF = errors.New("not RTF")

// Doc is the text of a file with its metadata, and the objects that other programs put into it.
type Doc struct {
	Text, Title, Author string
	Objects             []cfb.Object
	Links               doc.Links
}

// maxDepth bounds nested groups; deeper ones are read as if they were at this depth.
const maxDepth = 1000

// state is what a group inherits and restores.
type state struct {
	skip   bool
	dest   string // "title", "author", "" for the body
	cp     encoding.Encoding
	uc     int
	table  bool
	hidden bool
	gone   bool // deleted, with the deletion noted
	fonts  bool
	link   string // where the words lead, "" where they do not
	from   int    // where they began in what they are written to
}

type parser struct {
	in    []byte
	pos   int
	st    state
	stack []state
	out   strings.Builder
	doc   Doc
	meta  strings.Builder
	bytes []byte // 8-bit characters waiting to be decoded together
	units []uint16
	ansi  encoding.Encoding
	fonts map[int]encoding.Encoding
	font  int
	drop  int // characters that repeat a \u in 8-bit
	star  bool
	first bool   // nothing but \* came since the group began
	by    string // who wrote the comment that follows
	note  strings.Builder
	notes []string
	prop  string          // the property of a shape whose value follows
	drawn bool            // the shape has been read, and what follows is a copy of it
	code  strings.Builder // the instruction of a field
	link  string          // where the result of that field leads
}

// Parse reads a file; what could be read before damage is returned. Its one error is ErrNotRTF.
func Parse(data []byte) (Doc, error) {
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \r\n\t\x00\xef\xbb\xbf"), []byte("{\\rtf")) {
		return Doc{}, ErrNotRTF
	}
	return Fragment(data), nil
}

// Fragment reads RTF whose first group may be lost.
func Fragment(data []byte) Doc {
	data = escaped(bytes.TrimLeft(data, " \r\n\t\x00"))
	p := &parser{in: data, ansi: charmap.Windows1252, fonts: map[int]encoding.Encoding{}, st: state{uc: 1}}
	p.run()
	if p.note.Len() > 0 {
		p.closeDest("footnote") // the file ends inside a note
	}
	text := p.out.String()
	p.in, p.out = nil, strings.Builder{} // what was read and written is not needed beside what becomes of it
	p.doc.Text = strings.Join(append([]string{tidy(text)}, p.notes...), "\n\n")
	p.doc.Title, p.doc.Author = strings.TrimSpace(p.doc.Title), strings.TrimSpace(p.doc.Author)
	return p.doc
}

// escaped takes the byte order mark away that an editor put before RTF, and writes as RTF does what that editor saved as UTF-8.
func escaped(data []byte) []byte {
	rest, marked := bytes.CutPrefix(data, []byte("\xef\xbb\xbf"))
	if !marked || !utf8.Valid(rest) {
		return rest
	}
	out := make([]byte, 0, len(rest))
	for _, r := range string(rest) {
		if r < utf8.RuneSelf {
			out = append(out, byte(r))
			continue
		}
		out = append(out, `{\uc0`...)
		for _, u := range utf16.Encode([]rune{r}) {
			out = fmt.Appendf(out, `\u%d`, int16(u))
		}
		out = append(out, " }"...)
	}
	return out
}

func (p *parser) run() {
	for p.pos < len(p.in) {
		c := p.in[p.pos]
		p.pos++
		if c != '\\' {
			p.first = c == '{'
		}
		switch c {
		case '{':
			p.flush()
			if len(p.stack) < maxDepth {
				p.stack = append(p.stack, p.st)
			}
			p.drop = 0
		case '}':
			p.flush()
			p.endGroup()
			p.drop = 0
		case '\\':
			p.control()
		case '\r', '\n', 0:
		default:
			p.char(c)
		}
	}
	p.flush()
}

func (p *parser) endGroup() {
	if n := len(p.stack); n > 0 {
		old := p.st
		p.st = p.stack[n-1]
		p.stack = p.stack[:n-1]
		if old.link != "" && (old.link != p.st.link || old.from != p.st.from) {
			s := p.written(old.dest).String()
			p.doc.Links.Add(s[min(old.from, len(s)):], old.link)
		}
		if old.dest != p.st.dest {
			p.closeDest(old.dest)
		}
	}
}

func (p *parser) closeDest(dest string) {
	s := p.meta.String()
	switch dest {
	case "title":
		p.doc.Title = s
	case "author":
		p.doc.Author = s
	case "atnauthor":
		p.by = strings.TrimSpace(s)
	case "sn":
		p.prop = strings.TrimSpace(s)
	case "fldinst":
		p.link = doc.FieldTarget(p.code.String())
		return
	case "comment":
		p.put("]")
		return
	case "sv":
		p.put("\n\n")
		return
	case "footnote":
		p.notes = append(p.notes, fmt.Sprintf("[%d] %s", len(p.notes)+1, strings.Join(strings.Fields(tidy(p.note.String())), " ")))
		p.note.Reset()
		return
	default:
		return
	}
	p.meta.Reset()
}

// char takes one 8-bit character of text.
func (p *parser) char(c byte) {
	if p.drop > 0 {
		p.drop--
		return
	}
	if p.st.skip {
		return
	}
	p.flushUnits()
	p.bytes = append(p.bytes, c)
}

func (p *parser) flush() {
	p.flushBytes()
	p.flushUnits()
}

func (p *parser) flushBytes() {
	if len(p.bytes) == 0 {
		return
	}
	e := p.st.cp
	if e == nil {
		e = p.ansi
	}
	s := encodings.With(e, p.bytes)
	p.bytes = p.bytes[:0]
	p.put(s)
}

func (p *parser) flushUnits() {
	if len(p.units) == 0 {
		return
	}
	s := string(utf16.Decode(p.units))
	p.units = p.units[:0]
	p.put(s)
}

// put writes decoded text to where the group's text goes.
func (p *parser) put(s string) {
	switch {
	case p.st.dest == "fldinst" && !p.st.skip:
		if p.code.Len() < doc.MaxField {
			p.code.WriteString(s)
		}
	case p.st.skip || p.st.hidden || p.st.gone:
	case p.st.dest == "title" || p.st.dest == "author" || p.st.dest == "atnauthor" || p.st.dest == "sn":
		if p.meta.Len() < 4096 {
			p.meta.WriteString(s)
		}
	case p.st.dest == "footnote":
		p.note.WriteString(s)
	default:
		p.out.WriteString(s)
	}
}

// written is where words of the body or of a note go.
func (p *parser) written(dest string) *strings.Builder {
	if dest == "footnote" {
		return &p.note
	}
	return &p.out
}

// result begins what a field shows.
func (p *parser) result() {
	p.flush()
	if p.link != "" && (p.st.dest == "" || p.st.dest == "footnote") {
		p.st.link, p.st.from = p.link, p.written(p.st.dest).Len()
	}
	p.link = ""
}

// footnote begins a note, which is written after the text; a mark stays where it was. A note in a
// note is a part of it, and its own mark goes out with the numbers that programs write by themselves.
func (p *parser) footnote() {
	p.flush()
	if p.st.dest != "" || p.st.skip || p.st.hidden || p.st.gone {
		return
	}
	p.put(fmt.Sprintf("[%d]", len(p.notes)+1))
	p.st.dest = "footnote"
}

func (p *parser) control() {
	if p.pos >= len(p.in) {
		return
	}
	c := p.in[p.pos]
	if c|0x20 < 'a' || c|0x20 > 'z' {
		p.pos++
		p.symbol(c)
		return
	}
	start := p.pos
	for p.pos < len(p.in) && p.in[p.pos]|0x20 >= 'a' && p.in[p.pos]|0x20 <= 'z' && p.pos-start < 40 {
		p.pos++
	}
	word := string(p.in[start:p.pos])
	num, has := 0, false
	numStart := p.pos
	if p.pos < len(p.in) && p.in[p.pos] == '-' {
		p.pos++
	}
	for p.pos < len(p.in) && p.in[p.pos] >= '0' && p.in[p.pos] <= '9' && p.pos-numStart < 12 {
		p.pos++
	}
	if v, err := strconv.Atoi(string(p.in[numStart:p.pos])); err == nil {
		num, has = v, true
	}
	if p.pos < len(p.in) && p.in[p.pos] == ' ' {
		p.pos++
	}
	p.first = false
	p.word(word, num, has)
}

func (p *parser) symbol(c byte) {
	if c != '*' {
		p.first = false
	}
	switch c {
	case '\'':
		if p.pos+2 <= len(p.in) {
			v, err := strconv.ParseUint(string(p.in[p.pos:p.pos+2]), 16, 8)
			if err == nil {
				p.pos += 2
				p.char(byte(v))
			}
		}
	case '*':
		// The mark counts only where a destination can stand: at the start of a group.
		p.star = p.first
		return
	case '~':
		p.flush()
		p.put(" ")
	case '_':
		p.flush()
		p.put("-")
	case '-':
	case '\\', '{', '}':
		p.char(c)
	case '\n', '\r':
		p.flush()
		p.put("\n")
	}
}
