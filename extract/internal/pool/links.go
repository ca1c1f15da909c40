package pool

import (
	"cmp"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// pageLinks are the links of pages that come in any order: the first of the document, each with the first page that has it.
type pageLinks []pageLink

type pageLink struct {
	doc.Link
	page int
}

func (p *pageLinks) take(page int, links doc.Links) {
	if len(links) == 0 {
		return
	}
	for _, l := range links {
		if i := slices.IndexFunc(*p, func(have pageLink) bool { return have.Link == l }); i >= 0 {
			(*p)[i].page = min((*p)[i].page, page)
		} else {
			*p = append(*p, pageLink{l, page})
		}
	}
	slices.SortStableFunc(*p, func(a, b pageLink) int { return cmp.Compare(a.page, b.page) })
	*p = (*p)[:min(len(*p), doc.MaxLinks)]
}
