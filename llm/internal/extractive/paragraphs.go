package extractive

import (
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// paragraphBuilder joins wrapped lines into paragraphs, cuts those into sentences and opens a
// section at each heading.
type paragraphBuilder struct {
	r          *reading
	width      int
	confidence float64
	text       strings.Builder
	page       int
	pages      []pageMark
	speaker    string
	item       bool
	last       string
}

type pageMark struct{ offset, page int }

func (b *paragraphBuilder) add(l line, nextBlank bool) {
	if h, level, ok := prose.Heading(l.text, l.blank, nextBlank); ok && !b.r.dialogue {
		b.flush()
		b.open(h, level, l.page)
		return
	}
	speaker, text := "", l.text
	if b.r.dialogue {
		if speaker = speakerOf(text); speaker != "" {
			text = strings.TrimSpace(text[strings.IndexByte(text, ':')+1:])
			if i := strings.Index(l.text, speaker); i >= 0 {
				text = strings.TrimSpace(strings.TrimLeft(l.text[i+len(speaker):], " :"))
			}
		}
	}
	item, text := listItem(text)
	if l.blank || item || speaker != "" || b.closed(text) {
		b.flush()
		b.item = item
		if speaker != "" {
			b.speaker = speaker
		}
	}
	b.confidence = l.confidence
	b.append(text, l.page)
}

// closed says whether the line before ended its paragraph although no blank line follows: it
// ended a sentence well short of the layout's width.
func (b *paragraphBuilder) closed(next string) bool {
	return b.text.Len() > 0 && prose.EndsSentence(b.last) && (len(b.last) < b.width*7/10 || b.width >= 200)
}

func (b *paragraphBuilder) append(text string, page int) {
	if b.text.Len() == 0 {
		b.page = page
	} else if n := b.text.Len(); strings.HasSuffix(b.last, "-") && prose.StartsLower(text) && n > 1 {
		s := b.text.String()
		b.text.Reset()
		b.text.WriteString(strings.TrimSuffix(s, "-"))
	} else if r, _ := utf8.DecodeLastRuneInString(b.last); !prose.IsCJK(r) {
		b.text.WriteByte(' ')
	}
	if n := len(b.pages); n == 0 || b.pages[n-1].page != page {
		b.pages = append(b.pages, pageMark{b.text.Len(), page})
	}
	b.text.WriteString(text)
	b.last = text
}

func (b *paragraphBuilder) flush() {
	if b.text.Len() == 0 {
		return
	}
	sec := len(b.r.sections) - 1
	parts := prose.Sentences(b.text.String())
	offset := 0
	for i, p := range parts {
		page := b.page
		for _, m := range b.pages {
			if m.offset <= offset {
				page = m.page
			}
		}
		offset += len(p)
		t := strings.Join(strings.Fields(p), " ")
		if t == "" {
			continue
		}
		b.r.sentences = append(b.r.sentences, sentence{text: t, page: page, section: sec, inPara: i, paraLen: len(parts), speaker: b.speaker, item: b.item, confidence: b.confidence})
	}
	b.text.Reset()
	b.pages, b.item, b.last = b.pages[:0], false, ""
}

func (b *paragraphBuilder) open(title string, level, page int) {
	b.r.heading = title
	s := &b.r.sections[len(b.r.sections)-1]
	if len(b.r.sections) == 1 && len(b.r.sentences) == 0 && b.r.title == "" {
		b.r.title = title
		s.page = page
		if prose.SectionKindOf(title) == prose.SectionBody {
			return
		}
		b.r.title = ""
	}
	b.r.sections = append(b.r.sections, section{title: title, level: level, kind: prose.SectionKindOf(title), page: page, first: len(b.r.sentences)})
}

var bullet = pattern.Lazily(`^([-*•◦▪‣–·●>]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+`)

func listItem(s string) (bool, string) {
	if m := bullet.FindString(s); m != "" && len(m) < len(s) {
		return true, s[len(m):]
	}
	return false, s
}
