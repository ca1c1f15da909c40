package pipeline

import "context"

// awaitTurn waits for the job's turn to be summarised. Text that there is no room for in memory waits in the journal.
func (j *job) awaitTurn(ctx context.Context) (end func(), err error) {
	if !j.turns.Keep(j.pages.held()) {
		j.pages.putAside()
	}
	if end, err = j.turns.Summarise(ctx, j.pages.held()); err != nil {
		return nil, err
	}
	if err := j.pages.fetchBack(ctx); err != nil {
		end()
		return nil, err
	}
	return end, nil
}
