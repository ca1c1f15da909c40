package bench

import (
	"errors"
	"io/fs"
	"os"
	"strings"
)

// Page is a page of docs/ whose sections are measured apart: one that is not measured again keeps its text.
type Page struct {
	Head     string // the title and what stands before the first section
	sections []section
}

type section struct{ title, text string }

// OpenPage reads a page; one that is not there is empty.
func OpenPage(path string) (*Page, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &Page{}, nil
	}
	if err != nil {
		return nil, err
	}
	head, rest, _ := strings.Cut(string(raw), "\n## ")
	p := &Page{Head: strings.TrimSpace(head)}
	if rest != "" {
		for part := range strings.SplitSeq(rest, "\n## ") {
			title, text, _ := strings.Cut(part, "\n")
			p.sections = append(p.sections, section{title: title, text: strings.TrimSpace(text)})
		}
	}
	return p, nil
}

// Set replaces the section whose title begins with name, or adds it at the end. The title is name and what follows it.
func (p *Page) Set(name, title, text string) {
	s := section{title: name + title, text: strings.TrimSpace(text)}
	for i := range p.sections {
		if strings.HasPrefix(p.sections[i].title, name) {
			p.sections[i] = s
			return
		}
	}
	p.sections = append(p.sections, s)
}

// Has tells whether there is a section whose title begins with name.
func (p *Page) Has(name string) bool {
	for _, s := range p.sections {
		if strings.HasPrefix(s.title, name) {
			return true
		}
	}
	return false
}

// Write writes the page.
func (p *Page) Write(path string) error {
	var b strings.Builder
	b.WriteString(strings.TrimSpace(p.Head) + "\n")
	for _, s := range p.sections {
		b.WriteString("\n## " + s.title + "\n\n" + s.text + "\n")
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}
