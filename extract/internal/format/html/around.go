package html

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Signs before a word of a page whose article is looked for; they are taken off again.
const (
	linkSign    = "\x02" // the word stands in a link
	asideSign   = "\x03" // in a part that is no article by its name
	captionSign = "\x04" // in the caption of a picture
	nameSign    = "\x05" // in a part that its class or id calls none of the article; often wrongly
)

var signs = strings.NewReplacer(linkSign, "", asideSign, "", captionSign, "", nameSign, "")

// around knows in what a word stands: the open elements, as far as tags tell. A nil one knows nothing.
type around struct {
	open                       []element
	link, aside, caption, name int
	tags                       int // that began an element
}

type element struct {
	name atom.Atom
	of   *int // one of the counts, or nil
}

// maxOpen bounds the elements that are remembered; deeper ones count for nothing.
const maxOpen = 512

func (a *around) sign() string {
	switch {
	case a == nil:
		return ""
	case a.aside > 0:
		return asideSign
	case a.link > 0:
		return linkSign
	case a.caption > 0:
		return captionSign
	case a.name > 0:
		return nameSign
	}
	return ""
}

func (a *around) start(t html.Token) {
	if a == nil || t.Type != html.StartTagToken {
		return
	}
	a.tags++
	if void(t.DataAtom) || len(a.open) >= maxOpen {
		return
	}
	e := element{t.DataAtom, a.kind(t)}
	if e.of != nil {
		*e.of++
	}
	a.open = append(a.open, e)
}

// end closes the element and what is still open in it.
func (a *around) end(name atom.Atom) {
	if a == nil {
		return
	}
	for i := len(a.open) - 1; i >= 0; i-- {
		if a.open[i].name != name {
			continue
		}
		for _, e := range a.open[i:] {
			if e.of != nil {
				*e.of--
			}
		}
		a.open = a.open[:i]
		return
	}
}

// void says that an element is not remembered: it has no end, or often none.
func void(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Param, atom.Source, atom.Track, atom.Wbr, atom.P, atom.Li, 0:
		return true
	}
	return false
}

// kind is what the words in an element are, by its name or by what its class and id call it.
func (a *around) kind(t html.Token) *int {
	switch t.DataAtom {
	case atom.A:
		return &a.link
	case atom.Nav, atom.Footer, atom.Button, atom.Aside, atom.Select, atom.Menu:
		return &a.aside
	case atom.Figcaption:
		return &a.caption
	case atom.Time:
		return &a.name
	case atom.Body, atom.Html, atom.Main, atom.Article:
		return nil
	}
	for _, at := range t.Attr {
		if at.Key == "class" || at.Key == "id" {
			if n := a.called(at.Val); n != nil {
				return n
			}
		}
	}
	return nil
}

func (a *around) called(names string) *int {
	for _, w := range strings.FieldsFunc(strings.ToLower(names), func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch w {
		case "related", "share", "sharing", "social", "newsletter", "promo", "advert", "advertisement", "sidebar", "breadcrumb", "breadcrumbs", "cookie", "comments",
			"byline", "author", "timestamp", "published", "tags":
			return &a.name
		case "caption", "credit", "credits", "figcaption":
			return &a.caption
		}
	}
	return nil
}
