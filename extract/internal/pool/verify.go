package pool

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// verifyPage checks everything a child says about a page. What is not as it must be is an errProtocol.
func verifyPage(f wire.Frame, seq uint64, i int) (doc.Page, error) {
	var m wire.Text
	if err := f.Decode(&m); err != nil {
		return doc.Page{}, fmt.Errorf("page: %w: %w", errProtocol, err)
	}
	p := doc.Page{Number: i + 1, Text: string(f.Body), Method: m.Method, Confidence: m.Confidence, Language: m.Language, Marks: m.Marks, Scan: m.Scan, Unread: m.Unread, Links: m.Links}
	if m.Seq != seq || m.Index != i || !ValidPage(p) {
		return doc.Page{}, fmt.Errorf("page: %w", errProtocol)
	}
	return p, nil
}

// ValidPage says that a page can be one that was read, whoever says so: a child, or a file in a store.
func ValidPage(p doc.Page) bool {
	switch {
	case p.Number < 1 || p.Err != nil,
		p.Method != doc.MethodText && p.Method != doc.MethodOCR && p.Method != doc.MethodEmpty,
		p.Method == doc.MethodEmpty && p.Text != "",
		math.IsNaN(p.Confidence) || p.Confidence < 0 || p.Confidence > 1,
		len(p.Language) > 200, !validName(p.Scan.Script), !validName(p.Scan.Missing),
		p.Scan.Turned < 0 || p.Scan.Turned > 270 || math.IsNaN(p.Scan.Skew) || math.Abs(p.Scan.Skew) > 45,
		len(p.Unread) > maxUnread || slices.ContainsFunc(p.Unread, func(u doc.Unread) bool { return !u.Known() }),
		!utf8.ValidString(p.Text), !validLinks(p.Links),
		!validMarks(p.Marks, p.Text):
		return false
	}
	return true
}

// maxUnread bounds the parts of one page that are named as not read.
const maxUnread = 8

// ValidDocument says likewise that a file can be described so.
func ValidDocument(d doc.Info) bool { return d.Pages > 0 && printableInfo(d) }

// validName says that s can be the name of a script or of a language model: it ends up in sentences for people.
func validName(s string) bool {
	return len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") == ""
}

// printableLine says that s can be shown to people: one line of at most so many bytes, without control characters.
func printableLine(s string, most int) bool {
	return len(s) <= most && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 })
}

// printableInfo says that everything a child tells about a file can be shown to people.
func printableInfo(i doc.Info) bool {
	return printableLine(i.Format, 40) && printableLine(i.MIME, 200) && printableLine(i.Title, wire.MaxMeta) && printableLine(i.Author, wire.MaxMeta) &&
		len(i.Warnings) <= doc.MaxWarnings && !slices.ContainsFunc(i.Warnings, func(s string) bool { return !printableLine(s, maxSentence) }) &&
		validLinks(i.Links)
}

func validLinks(links doc.Links) bool {
	return len(links) <= doc.MaxLinks && !slices.ContainsFunc(links, func(l doc.Link) bool {
		return !printableLine(l.Text, doc.MaxLinkText) || !printableLine(l.Target, doc.MaxLinkTarget)
	})
}

// maxSentence bounds what a child says for people, in bytes.
const maxSentence = 600

// validMarks says that marks are of known kinds and fit the lines of text.
func validMarks(marks []doc.Mark, text string) bool {
	if len(marks) > doc.MaxMarks {
		return false
	}
	lines := strings.Count(text, "\n") + 1
	for _, m := range marks {
		switch m.Kind {
		case doc.MarkTable, doc.MarkHeading, doc.MarkHeader, doc.MarkFooter, doc.MarkAside:
		default:
			return false
		}
		if m.From < 0 || m.To <= m.From || m.To > lines || m.Level < 0 || m.Level > doc.MaxLevel || m.Y < 0 || m.Y > 1000 {
			return false
		}
	}
	return true
}
