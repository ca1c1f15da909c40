package room

// Resize changes how many documents are in work at a time at the most. Those that are under way go on.
func (r *Room) Resize(jobs int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.limits.Jobs = jobs
	r.wake()
}

// Assign says in which lane the documents of a site are summarised (nil: the main one), and how many of them are in work at a time at the most (0: as
// the room says for all sites). Where more are in work they go on, and nothing is asked for until there are fewer.
func (r *Room) Assign(site string, lane *Lane, most int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.site(site)
	s.most, s.lane = max(0, most), lane
	if lane == nil {
		s.lane = r.main
	}
	r.wake()
}
