package llm

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/chunk"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/selection"
)

// Capped is a Ledger that knows what one document may cost altogether, over all its attempts; a field that is 0 is no limit. It tells
// the same all the time: what is read of a document must not depend on what was spent on it, or a retry would pay for other passages.
type Capped interface {
	DocumentCap() Budget
}

const (
	passageTokens = 1200 // of a passage that is chosen or left out
	planMargin    = 0.9  // of the cap that is planned for: an answer may have to be asked for twice
	planRounds    = 8    // tries to plan a choice that the cap allows
)

// affordable is d, or the part of d that the cap of a document allows a model to read. Passages are chosen before any is paid for. The
// second result is the pages they are from, nil where all of the document is read.
func (r *run) affordable(ctx context.Context, d Document) (Document, []int, error) {
	capped, ok := r.ledger.(Capped)
	if !ok || r.whole {
		return d, d.numbers(), nil
	}
	limit := capped.DocumentCap()
	if limit.MaxTokens <= 0 && (limit.MaxUSD <= 0 || !r.priceKnown) {
		return d, d.numbers(), nil
	}
	cost, err := r.costOf(ctx, d)
	if err != nil || limit.allows(cost, 1) {
		return d, d.numbers(), err
	}
	passages := chunk.Split(d.Pages, passageTokens, 0, r.count)
	texts, costs, total := make([]string, len(passages)), make([]int, len(passages)), 0
	for i, p := range passages {
		texts[i], costs[i] = p.Text(), p.Tokens
		total += p.Tokens
	}
	in, limit, err := r.space(ctx, passages, texts, limit)
	if err != nil {
		return d, nil, err
	}
	room := int(float64(total) * limit.share(cost) * planMargin)
	for range planRounds {
		chosen := selection.Choose(texts, in, costs, room)
		if len(chosen) == 0 {
			break
		}
		part := d
		var pages []int
		part.Pages, pages = excerpt(passages, chosen)
		if cost, err = r.costOf(ctx, part); err != nil {
			return d, nil, err
		}
		if limit.allows(cost, planMargin) {
			return part, pages, nil
		}
		room = int(float64(room) * min(limit.share(cost)*planMargin, planMargin))
	}
	return d, d.numbers(), nil // not even one passage: the first call is refused with the cap's own sentence
}

// costOf is what all calls for d cost at most, those included whose answers are in the cache.
func (r *run) costOf(ctx context.Context, d Document) (Charge, error) {
	dry := &dryRun{}
	probe := &run{Engine: r.Engine, base: ctx, dry: dry, serial: make(chan struct{}, 1), language: r.language, style: r.style, redacted: r.redacted, ledger: r.ledger, whole: true}
	if _, _, err := probe.document(ctx, d, longAnswer); err != nil {
		return Charge{}, err
	}
	return Plan{Calls: dry.calls}.AtMost(), nil
}

// share is the part of a cost that the budget covers: 1 for all of it.
func (b Budget) share(c Charge) float64 {
	part := 1.0
	if b.MaxTokens > 0 && c.Tokens() > 0 {
		part = min(part, float64(b.MaxTokens)/float64(c.Tokens()))
	}
	if b.MaxUSD > 0 && c.USD > 0 {
		part = min(part, b.MaxUSD/c.USD)
	}
	return part
}

// allows says whether c is within margin of the budget.
func (b Budget) allows(c Charge, margin float64) bool {
	return (b.MaxTokens <= 0 || float64(c.Tokens()) <= margin*float64(b.MaxTokens)) && (b.MaxUSD <= 0 || c.USD <= margin*b.MaxUSD)
}

// leftOut marks in a page's text where passages are missing.
const leftOut = "\n[…]\n"

// excerpt is the pages of the chosen passages, with their numbers, and a mark wherever something before was left out.
func excerpt(passages []chunk.Chunk, chosen []int) (pages []Page, numbers []int) {
	last := -1
	for _, i := range chosen {
		for n, part := range passages[i].Parts {
			text := part.Text
			if n == 0 && i > last+1 {
				text = leftOut + text
			}
			if k := len(pages); k > 0 && pages[k-1].Number == part.Number {
				pages[k-1].Text += text
				continue
			}
			pages = append(pages, Page{Number: part.Number, Text: text})
			numbers = append(numbers, part.Number)
		}
		last = i
	}
	return pages, numbers
}

// partlyRead is the sentence below a summary for which not all of d was read.
func (d Document) partlyRead(language string, read []int) Block {
	why, all := "partly", len(d.Pages)
	if d.Whole.Pages > 0 {
		why, all = "long", d.Whole.Pages
	}
	return remark(strings.NewReplacer("{n}", fmt.Sprint(len(read)), "{all}", fmt.Sprint(all), "{pages}", pageRanges(read)).Replace(label(language, why)))
}

// words of the whole document.
func (d Document) words() int {
	if d.Whole.Words > 0 {
		return d.Whole.Words
	}
	return prose.CountPages(d.Pages)
}

// numbers of d's pages where they are only a part of the document; else nil.
func (d Document) numbers() []int {
	if d.Whole.Pages == 0 {
		return nil
	}
	out := make([]int, len(d.Pages))
	for i, p := range d.Pages {
		out[i] = p.Number
	}
	return out
}

// pageRanges writes 1, 2, 3, 7 as "1–3, 7".
func pageRanges(numbers []int) string {
	var out []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		if j == i {
			out = append(out, fmt.Sprint(numbers[i]))
		} else {
			out = append(out, fmt.Sprintf("%d–%d", numbers[i], numbers[j]))
		}
		i = j + 1
	}
	return strings.Join(slices.Compact(out), ", ")
}
