package agent

import "time"

// silentFor is how long no site may have answered before the agent does not count as ready.
const silentFor = 5 * time.Minute

// Alive returns when the agent's parts answer. It says nothing of disks, sites or work: whether it returns at all is what a supervisor
// asks, for an agent that does not cannot help itself.
func (a *Agent) Alive() {
	for _, s := range a.sites.all() {
		s.held.idle()
		s.contact.ordered()
	}
	a.room.InUse()
}

// Unready is why this agent would take no document now, or "": it is ending, a disk is full, no site answers. What people have ordered
// (a pause, processing windows) and an account that serves nobody do not count: another agent would do no better.
func (a *Agent) Unready() string {
	if a.draining() || a.Stopped() {
		return "draining"
	}
	if why := a.pressure(); why != "" {
		return why
	}
	for _, s := range a.sites.all() {
		if silence := s.contact.silence(); silence >= 0 && silence < silentFor.Seconds() {
			return ""
		}
	}
	return "no site answers"
}
