package llm

import (
	"slices"
	"strconv"
)

// linkPages marks the page numbers of references such as (p. 3, 5–7) so that a site can lead from each to that page. A number that is no
// page of the document is left as plain text. The words of the blocks stay the same.
func linkPages(blocks []Block, pages []Page) []Block {
	exists := make(map[int]bool, len(pages))
	for _, p := range pages {
		exists[p.Number] = true
	}
	link := func(runs []Run) []Run {
		var out []Run
		for _, r := range runs {
			out = append(out, linkRun(r, exists)...)
		}
		return out
	}
	out := slices.Clone(blocks)
	for i := range out {
		b := &out[i]
		if b.Type == "paragraph" || b.Type == "quote" {
			b.Runs = link(b.Runs)
		}
		b.Items = slices.Clone(b.Items)
		for j := range b.Items {
			b.Items[j] = link(b.Items[j])
		}
	}
	return out
}

// linkRun cuts a run before and after each page number of its references.
func linkRun(r Run, exists map[int]bool) []Run {
	if r.Code {
		return []Run{r}
	}
	var out []Run
	put := func(text string, page int) {
		if text != "" {
			piece := r
			piece.Text, piece.Page = text, page
			out = append(out, piece)
		}
	}
	at := 0
	for _, ref := range pageRefs(r.Text) {
		for start := ref[0]; start < ref[1]; start++ {
			end := start
			for end < ref[1] && r.Text[end] >= '0' && r.Text[end] <= '9' {
				end++
			}
			if end == start {
				continue
			}
			if page, err := strconv.Atoi(r.Text[start:end]); err == nil && exists[page] {
				put(r.Text[at:start], 0)
				put(r.Text[start:end], page)
				at = end
			}
			start = end
		}
	}
	put(r.Text[at:], 0)
	return out
}
