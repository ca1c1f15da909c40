package chaos

import (
	"fmt"
	"slices"
	"time"
)

// Report is what a run was worth. Broken promises are in Broken; a run without any has kept all of them.
type Report struct {
	Jobs, Done, Failed, Lost   int
	FailedBy                   map[string]int
	Duplicates, Wrong          int
	Undone                     int // accepted, and yet given out again
	LateRefused, LateAccepted  int
	Calls                      int
	Repeats                    Repeats
	Pages                      int // read by OCR
	PageRepeats                PageRepeats
	Kill, Handed, Term, PickUp Times
	Kills, Terms, Stops        int
	Unmeasured                 int
	SkewRefused                int
	Faults                     map[Fault]int
	Exchanges                  int
	Took                       time.Duration
	Broken                     []string
}

// Slack is what a reassignment may take on top of the ttl.
const Slack = 15 * time.Second

// Verify compares the facts with the promises.
func Verify(f *Facts) Report {
	r := Report{FailedBy: map[string]int{}, Faults: map[Fault]int{}, Took: f.Took, Calls: len(f.Calls), Exchanges: len(f.Exchanges), Stops: f.Stops}
	r.verifyJobs(f)
	r.verifyPosts(f)
	r.verifyTraffic(f)
	r.verifyOnTheWay(f)
	r.verifyAccepted(f)
	r.verifyPaid(f)
	r.verifyPages(f)
	r.verifyDeaths(f)
	for _, o := range f.Orphans {
		r.broke("processes outlived their agent: %s", o)
	}
	for _, p := range f.Panics {
		r.broke("an agent panicked: %s", p)
	}
	for _, p := range f.PHP {
		r.broke("PHP complained: %s", p)
	}
	return r
}

func (r *Report) broke(format string, args ...any) {
	r.Broken = append(r.Broken, fmt.Sprintf(format, args...))
}

// verifyJobs: every accepted upload has a job, and every job has ended as a summary or as a stated failure.
func (r *Report) verifyJobs(f *Facts) {
	posts, has := map[int64]bool{}, map[int64]bool{}
	for _, p := range f.Posts {
		posts[p.ID] = true
	}
	for _, j := range f.Jobs {
		r.Jobs++
		has[j.Attachment] = true
		switch {
		case j.State == "done" && posts[j.Post]:
			r.Done++
		case j.State == "done":
			r.Lost++
			r.broke("job %d is done but its summary %d does not exist", j.ID, j.Post)
		case j.State == "failed" && j.Code != "" && j.Message != "":
			r.Failed++
			r.FailedBy[j.Code]++
		case j.State == "failed":
			r.Lost++
			r.broke("job %d failed without saying why", j.ID)
		default:
			r.Lost++
			r.broke("job %d is neither done nor failed but %s (attempt %d, %s)", j.ID, j.State, j.Attempt, j.Code)
		}
	}
	for id, d := range f.Accepted {
		if !has[id] {
			r.Lost++
			r.broke("upload %d (%s) was accepted but has no job", id, d.Name)
		}
	}
}

// verifyPosts: one summary for a document, and of that document.
func (r *Report) verifyPosts(f *Facts) {
	by := map[int64][]int64{}
	for _, p := range f.Posts {
		by[p.Attachment] = append(by[p.Attachment], p.ID)
		d, known := f.Accepted[p.Attachment]
		if known && !slices.Equal(p.Marks, []string{d.Mark}) {
			r.Wrong++
			r.broke("summary %d of attachment %d quotes %v instead of %s", p.ID, p.Attachment, p.Marks, d.Mark)
		}
	}
	for attachment, ids := range by {
		if len(ids) > 1 {
			r.Duplicates += len(ids) - 1
			r.broke("attachment %d has %d summaries: %v", attachment, len(ids), ids)
		}
	}
}

// verifyTraffic: what came too late was refused, and an agent with a wrong clock was never listened to.
func (r *Report) verifyTraffic(f *Facts) {
	skewed := map[string]int{}
	for _, x := range f.Exchanges {
		if x.Fault != None {
			r.Faults[x.Fault]++
		}
		for _, e := range x.Outcomes() {
			if (e.Status == 409 || e.Status == 410) && e.Code != "aidoc_replayed" {
				r.LateRefused++
			}
		}
		if x.Op != "doorbell" && x.Status < 300 && x.Second != 0 && x.Second < 300 {
			r.broke("exchange %d (%s) was accepted twice from the same bytes", x.N, x.Op)
		}
		for _, s := range f.Skews {
			if x.Key != s.Key || x.At.Before(s.From) || x.At.After(s.To) || x.Status == 0 {
				continue
			}
			switch {
			case x.Code == "aidoc_clock_skew":
				skewed[s.Key]++
				r.SkewRefused++
			case x.Status < 300:
				r.broke("exchange %d (%s) of an agent whose clock is off was accepted", x.N, x.Op)
			}
		}
	}
	for _, s := range f.Skews {
		if skewed[s.Key] == 0 {
			r.broke("the agent with key %s, whose clock is off, was never refused for it", s.Key)
		}
	}
}

// verifyAccepted: what the site has accepted is done. A job that is given out again after its result was answered with
// 200 is worked off, and paid, twice, although its summary may be there only once.
func (r *Report) verifyAccepted(f *Facts) {
	accepted := map[int64]Exchange{}
	for _, x := range f.Exchanges {
		for _, e := range x.Outcomes() {
			if first, ok := accepted[e.Job]; e.Status == 200 && (!ok || x.End.Before(first.End)) {
				accepted[e.Job] = x
			}
		}
	}
	for _, x := range f.Exchanges {
		for _, g := range x.Granted {
			if a, ok := accepted[g.Job]; ok && x.At.After(a.End) {
				r.Undone++
				r.broke("job %d was given out again (exchange %d) though its result had been accepted (exchange %d)", g.Job, x.N, a.N)
			}
		}
	}
}
