package room

// FitCalls has at most n documents summarised at a time from now on, at least one and never more than the limit: the model has no more
// room, or has it again. Those that are under way go on.
func (r *Room) FitCalls(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fit = max(1, n)
	r.fitCalls()
}

// Resize changes how many documents are in work, and summarised, at a time at the most. Those that are under way go on.
func (r *Room) Resize(jobs, calls int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.limits.Jobs, r.limits.Calls = jobs, calls
	r.fitCalls()
	r.wake()
}

// fitCalls holds back the turns that nobody gets. Those that are taken are held back when they end (giveBack). The caller holds mu.
func (r *Room) fitCalls() {
	most := min(r.limits.Calls, mostCalls)
	if r.fit > 0 {
		most = min(most, r.fit)
	}
	r.want = mostCalls - most
	if r.kept < r.want && r.calls.TryAcquire(int64(r.want-r.kept)) {
		r.kept = r.want
	}
	for r.kept < r.want && r.calls.TryAcquire(1) {
		r.kept++
	}
	if r.kept > r.want {
		r.calls.Release(int64(r.kept - r.want))
		r.kept = r.want
		delete(r.lateFor, r.calls)
		r.wake()
	}
}

// Cap bounds the documents of one site that are in work at a time; 0: as the room says for all sites. Where more are in work they go on, and
// nothing is asked for until there are fewer.
func (r *Room) Cap(site string, most int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.site(site).most = max(0, most)
	r.wake()
}
