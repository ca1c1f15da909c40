// Package props turns the properties of a document into text.
//
// What a person filled in to describe a document — title, subject, keywords, description, category,
// own properties — is text that may be searched for, so the values that the pages do not show already
// stand after the last page's text, one line each. The author of an Office file is the name of an
// account and not of a writer; it goes into Info.Author only, except where the format means writers
// (books). Values that programs fill in on their own are left out.
package props

import (
	"strings"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// Field is a property with its name.
type Field struct{ Name, Value string }

// Props are the properties of a document; empty ones are unknown.
type Props struct {
	Title, Subject, Author, Keywords, Description, Category string
	Custom                                                  []Field
}

// Bounds of what properties may add to a text.
const (
	maxValue  = 2000
	maxCustom = 50
)

// Append adds the properties that texts do not show already to the last page.
func (p Props) Append(texts []string) []string { return p.add(texts, false) }

// AppendBook is Append with the writers named.
func (p Props) AppendBook(texts []string) []string { return p.add(texts, true) }

func (p Props) add(texts []string, author bool) []string {
	fields := []Field{{"Title", title(p.Title)}}
	if author {
		fields = append(fields, Field{"Authors", p.Author})
	}
	fields = append(fields, Field{"Subject", p.Subject}, Field{"Keywords", p.Keywords}, Field{"Description", p.Description}, Field{"Category", p.Category})
	n := 0
	for _, f := range p.Custom {
		if n++; n > maxCustom {
			break
		}
		if !machine(f) {
			fields = append(fields, f)
		}
	}
	shown := ""
	var lines []string
	for _, f := range fields {
		v := clean(f.Value)
		if v == "" {
			continue
		}
		if shown == "" {
			shown = Fold(strings.Join(texts, "\n")) + " "
		}
		if strings.Contains(shown, Fold(v)) {
			continue
		}
		shown += Fold(v) + " "
		lines = append(lines, f.Name+": "+v)
	}
	if len(lines) == 0 {
		return texts
	}
	block := strings.Join(lines, "\n")
	if len(texts) == 0 {
		return []string{block}
	}
	last := len(texts) - 1
	out := append([]string(nil), texts...)
	if out[last] != "" {
		out[last] += "\n\n"
	}
	out[last] += block
	return out
}

// Fold makes texts comparable whatever their case and spaces are.
func Fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// clean folds white space and bounds a value; without letters and digits it is no text.
func clean(s string) string {
	s = strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "")
	if len(s) > maxValue {
		s = strings.ToValidUTF8(s[:maxValue], "")
	}
	if strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) < 0 || template.MatchString(s) {
		return ""
	}
	return s
}

// template matches what a program forgot to fill in or wrote for itself: <%TITLE%>, {{title}}, class='x'.
var template = pattern.Lazily(`^<%.*%>$|^\{\{.*\}\}$|^\$\{.*\}$|^\w+=['"].*['"]$|^generated (?:by|using|with) \S+$`)

// private matches values of custom properties that mean nothing to a reader: paths, version numbers.
var private = pattern.Lazily(`^[a-z]:\\|^\\\\|^/[\w.]+/|^\d+(\.\d+){2,}$|^\{.*\}$|^<`)

// title drops what programs write into the title on their own.
func title(s string) string {
	s = strings.TrimSpace(s)
	switch strings.ToLower(s) {
	case "powerpoint presentation", "powerpoint-präsentation", "présentation powerpoint", "presentación de powerpoint", "untitled", "no slide title", "slide 1", "folie 1", "document", "unknown":
		return ""
	}
	return strings.TrimPrefix(s, "Microsoft Word - ")
}

// machine tells properties that programs keep for themselves.
func machine(f Field) bool {
	n := strings.ToLower(f.Name)
	for _, p := range []string{"_", "msip_", "contenttypeid", "mediaserviceimagetags", "ksoproductbuildver", "icv", "appversion", "docsecurity", "hyperlinkschanged", "linksuptodate", "sharedoc", "scalecrop", "fusioninstanceid", "buildnumbercreated", "buildnumberedited", "timeedited", "isvisio", "classificationcontentmarking"} {
		if strings.HasPrefix(n, p) {
			return true
		}
	}
	v := strings.ToLower(strings.TrimSpace(f.Value))
	switch v {
	case "", "true", "false", "0", "1":
		return true
	}
	if private.MatchString(v) || strings.Contains(n, "documentproperty") {
		return true
	}
	// Identifiers are long runs of hexadecimal digits.
	hex := strings.Trim(v, "0123456789abcdef-{}")
	return len(v) >= 16 && hex == ""
}
