package pipeline

import (
	"context"
	"fmt"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// awaitTurn waits for the job's turn to be summarised. Text that there is no room for in memory waits in the journal.
func (j *job) awaitTurn(ctx context.Context) (end func(), err error) {
	j.text = 0
	for _, p := range j.pages {
		j.text += int64(len(p.Text))
	}
	if !j.turns.Keep(j.text) {
		j.putAside()
	}
	if end, err = j.turns.Summarise(ctx, j.text); err != nil {
		return nil, err
	}
	if err := j.fetchBack(ctx); err != nil {
		end()
		return nil, err
	}
	return end, nil
}

// putAside leaves the pages to the journal. Those that failed are not in it.
func (j *job) putAside() {
	failed := slices.DeleteFunc(slices.Clone(j.pages), func(p extract.Page) bool { return p.Err == nil })
	j.aside = len(j.pages) - len(failed)
	j.pages = failed
}

// fetchBack takes the pages from the journal again.
func (j *job) fetchBack(ctx context.Context) error {
	if j.aside == 0 {
		return nil
	}
	have, err := j.reading().Pages(ctx)
	if err != nil {
		return err
	}
	if len(have) < j.aside { // erased or purged meanwhile
		return fmt.Errorf("%d of %d pages are in the journal no more", j.aside-len(have), j.aside)
	}
	for _, p := range have {
		j.pages = append(j.pages, p)
	}
	slices.SortFunc(j.pages, func(a, b extract.Page) int { return a.Number - b.Number })
	j.aside = 0
	return nil
}
