package agent

// AddSite begins to work for a site while the agent runs; false where it does so already, or is ending.
func (a *Agent) AddSite(h SiteHandle) bool {
	if a.draining() {
		return false
	}
	s := a.newSession(h)
	a.watchModels(s) // before it begins: its first document waits for its own model
	if !a.sites.add(s) {
		a.watchModels()
		return false
	}
	return true
}

// LeaveSite ends the work for a site as draining does: what fits is finished, the rest is given back. Sites that are not worked for are
// left alone.
func (a *Agent) LeaveSite(url string) {
	s := a.sites.find(url)
	if s == nil {
		return
	}
	a.sites.mu.Lock()
	s.left = true
	a.sites.mu.Unlock()
	s.endAsAsked()
}
