package cfb

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/props"
)

// Property identifiers of [MS-OLEPS] 2.25 and [MS-OSHARED] 2.3.3.
const (
	pidDictionary = 0
	pidCodepage   = 1
	pidTitle      = 2 // of SummaryInformation; 2 is the category in DocumentSummaryInformation
	pidSubject    = 3
	pidAuthor     = 4
	pidKeywords   = 5
	pidComments   = 6
)

// maxProps bounds the entries of one set.
const maxProps = 4096

// Properties reads the two property streams that Office writes.
func Properties(f *File) props.Props {
	if f == nil {
		return props.Props{}
	}
	p := Summary(f.Read("\x05SummaryInformation"))
	for i, set := range propertySets(f.Read("\x05DocumentSummaryInformation")) {
		if i == 0 {
			p.Category = set.text(2)
			continue
		}
		for id, name := range set.names() {
			if v := set.text(id); v != "" {
				p.Custom = append(p.Custom, props.Field{Name: name, Value: v})
			}
		}
	}
	slices.SortFunc(p.Custom, func(a, b props.Field) int { return cmp.Compare(a.Name, b.Name) })
	return p
}

// Summary reads a stream of the form of SummaryInformation.
func Summary(stream []byte) props.Props {
	var p props.Props
	for _, set := range propertySets(stream) {
		p.Title, p.Subject, p.Author, p.Keywords, p.Description = set.text(pidTitle), set.text(pidSubject), set.text(pidAuthor), set.text(pidKeywords), set.text(pidComments)
		break
	}
	return p
}

// propertySet is one section: offsets of values by identifier.
type propertySet struct {
	data []byte
	at   map[int]int
	cp   encoding.Encoding
	wide bool
}

func propertySets(b []byte) []propertySet {
	if len(b) < 48 || le.U16(b, 0) != 0xfffe {
		return nil
	}
	var out []propertySet
	for i := range min(le.U32(b, 24), 2) {
		at := le.U32(b, 28+20*i+16)
		if at <= 0 || at+8 > len(b) {
			continue
		}
		s := propertySet{data: b[at:], at: map[int]int{}, cp: charmap.Windows1252}
		for k := range min(le.U32(s.data, 4), maxProps) {
			s.at[le.U32(s.data, 8+8*k)] = le.U32(s.data, 12+8*k)
		}
		if o, ok := s.at[pidCodepage]; ok {
			switch cp := le.U16(s.data, o+4); cp {
			case 1200:
				s.cp, s.wide = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), true
			case 65001:
				s.cp = unicode.UTF8
			default:
				s.cp = encodings.Codepage(cp)
			}
		}
		out = append(out, s)
	}
	return out
}

// text shows a value of one of the simple types; other types give "".
func (s propertySet) text(id int) string {
	o, ok := s.at[id]
	if !ok || o < 0 || o+8 > len(s.data) {
		return ""
	}
	switch le.U32(s.data, o) {
	case 0x1e: // VT_LPSTR, in the code page of the set
		return s.decode(le.Bytes(s.data, o+8, le.U32(s.data, o+4)))
	case 0x1f: // VT_LPWSTR
		return UntilNUL(le.UTF16(le.Bytes(s.data, o+8, min(le.U32(s.data, o+4), len(s.data))*2)))
	case 0x03: // VT_I4
		return strconv.Itoa(int(int32(le.U32(s.data, o+4))))
	case 0x05: // VT_R8
		if o+12 <= len(s.data) {
			return strconv.FormatFloat(le.Float64(s.data, o+4), 'g', -1, 64)
		}
	}
	return ""
}

func (s propertySet) decode(b []byte) string { return UntilNUL(encodings.With(s.cp, b)) }

// UntilNUL cuts a string at its terminator.
func UntilNUL(s string) string {
	s, _, _ = strings.Cut(s, "\x00")
	return strings.TrimSpace(s)
}

// names reads the dictionary of a set with names given by the user.
func (s propertySet) names() map[int]string {
	out := map[int]string{}
	o, ok := s.at[pidDictionary]
	if !ok {
		return out
	}
	n := min(le.U32(s.data, o), maxProps)
	o += 4
	for range n {
		id, size := le.U32(s.data, o), le.U32(s.data, o+4)
		if s.wide {
			size *= 2
		}
		b := le.Bytes(s.data, o+8, size)
		if b == nil {
			break
		}
		out[id] = s.decode(b)
		o += 8 + len(b)
		if s.wide {
			o = (o + 3) &^ 3
		}
	}
	return out
}
