package doc

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// Bounds of the links that a document is described with.
const (
	MaxLinks      = 100
	MaxLinkText   = 200 // bytes
	MaxLinkTarget = 500 // bytes; a longer one is left out: a part of an address leads elsewhere
	// maxLinkBytes bounds all of them together: as JSON, which writes & as six letters, they still fit what a child answers with.
	maxLinkBytes = 24 << 10
)

// Link is where words of a document lead.
type Link struct {
	Text   string `json:"text,omitempty"`
	Target string `json:"target"`
}

// Links are those of a document or of a page, each once.
type Links []Link

// Full is whether no more are told.
func (l *Links) Full() bool {
	if l == nil || len(*l) >= MaxLinks {
		return true
	}
	n := 0
	for _, one := range *l {
		n += len(one.Text) + len(one.Target)
	}
	return n > maxLinkBytes-MaxLinkText-MaxLinkTarget
}

// Add notes that text leads to a page or a mailbox. A target of another kind, one that could not be written as it is, and one that text says itself
// are left out, and so is one with the same text twice. A nil value notes nothing.
func (l *Links) Add(text, target string) {
	if l.Full() {
		return
	}
	target = strings.TrimSpace(target)
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if len(text) > MaxLinkText {
		text = strings.ToValidUTF8(text[:MaxLinkText], "")
	}
	u, err := url.Parse(target)
	if err != nil || len(target) > MaxLinkTarget || !utf8.ValidString(target) || strings.ContainsFunc(target, func(r rune) bool { return !unicode.IsPrint(r) || r == ' ' }) {
		return
	}
	bare := ""
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		bare = u.Host + u.EscapedPath()
		if u.Host == "" {
			return
		}
	case "mailto":
		bare = u.Opaque
	}
	if bare = strings.TrimSuffix(bare, "/"); bare == "" || u.RawQuery == "" && strings.Contains(text, bare) || strings.Contains(text, target) {
		return
	}
	if one := (Link{text, target}); !slices.Contains(*l, one) {
		*l = append(slices.Clip(*l), one)
	}
}

// AddAll notes those of a part of the document.
func (l *Links) AddAll(part Links) {
	for _, one := range part {
		l.Add(one.Text, one.Target)
	}
}

// hyperlinkField is what Word keeps of a link; one with a switch before the target leads to a place in the document.
var hyperlinkField = pattern.Lazily(`^\s*HYPERLINK\s+(?:"([^"]{1,600})"|([^\s"\\]\S{0,600}))`)

// FieldTarget is where the field of a Word document leads that has this instruction; "" for other fields.
func FieldTarget(instruction string) string {
	m := hyperlinkField.FindStringSubmatch(instruction)
	if m == nil {
		return ""
	}
	return m[1] + m[2]
}

// MaxField is how many bytes of a field's instruction are worth keeping for FieldTarget.
const MaxField = 1000
