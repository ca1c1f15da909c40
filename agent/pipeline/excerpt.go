package pipeline

import (
	"context"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// excerptRuns is how many runs of pages stand for a document that is too long to be held: enough to see all its parts, few enough to be named.
const excerptRuns = 16

// forModel gives d the pages as a model reads them: structure as Markdown, running heads left out. Of a document that is too long to be held
// it takes runs of pages from all over it, and says so.
func (p *pages) forModel(ctx context.Context, d *llm.Document) error {
	var margins extract.Margins
	for page, err := range p.all(ctx) {
		if err != nil {
			return err
		}
		margins.Add(page)
	}
	wanted, i := p.excerpt(), 0
	err := margins.Markdown(p.all(ctx), func(text string) error {
		h := p.heads[i]
		i++
		if text == "" {
			return nil
		}
		if p.long {
			d.Whole.Pages++
			d.Whole.Words += llm.CountWords(text)
			if text = clip(text, wanted[h.number]); text == "" {
				return nil
			}
		}
		page := llm.Page{Number: h.number, Text: text}
		if h.method == extract.MethodOCR {
			page.Confidence = h.confidence
		}
		d.Pages = append(d.Pages, page)
		return nil
	})
	return err
}

// excerpt is how many bytes of which page stand for the document, by the pages' numbers: runs of the same size, evenly spaced, the first at the
// beginning and the last at the end.
func (p *pages) excerpt() map[int]int {
	out := map[int]int{}
	if !p.long {
		return out
	}
	run := p.most / excerptRuns
	space := (p.bytes - run) / (excerptRuns - 1) // from the beginning of a run to that of the next
	at := int64(0)
	for _, h := range p.heads {
		for left := int64(h.bytes); left > 0; {
			n := min(int64(at/space), excerptRuns-1)
			begin, end := n*space, n*space+run
			var step int64
			if at < end { // within a run
				step = min(left, end-at)
				out[h.number] += int(step)
			} else if n == excerptRuns-1 {
				step = left
			} else {
				step = min(left, begin+space-at)
			}
			at, left = at+step, left-step
		}
	}
	return out
}

// clip is the first bytes of s, no letter cut.
func clip(s string, bytes int) string {
	if len(s) <= bytes {
		return s
	}
	for bytes > 0 && !utf8.RuneStart(s[bytes]) {
		bytes--
	}
	return s[:bytes]
}
