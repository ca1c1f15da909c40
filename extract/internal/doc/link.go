package doc

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// Bounds of the links that a document is described with.
const (
	MaxLinks      = 100
	MaxLinkText   = 200 // bytes
	MaxLinkTarget = 500 // bytes; a longer one is left out: a part of an address leads elsewhere
)

// Link is where words of a document lead.
type Link struct {
	Text   string `json:"text,omitempty"`
	Target string `json:"target"`
}

// Link notes that text leads to a page or a mailbox. A target of another kind, one that could not be written as it is, and one that text says itself
// are left out, and so is one with the same text twice.
func (i *Info) Link(text, target string) {
	target = strings.TrimSpace(target)
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if len(text) > MaxLinkText {
		text = strings.ToValidUTF8(text[:MaxLinkText], "")
	}
	u, err := url.Parse(target)
	if err != nil || len(i.Links) >= MaxLinks || len(target) > MaxLinkTarget || strings.ContainsFunc(target, func(r rune) bool { return !unicode.IsPrint(r) || r == ' ' }) {
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
	if l := (Link{text, target}); !slices.Contains(i.Links, l) {
		i.Links = append(slices.Clip(i.Links), l)
	}
}
