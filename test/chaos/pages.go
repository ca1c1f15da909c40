package chaos

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"time"
)

// PageRepeats are pages that were read by OCR although somebody's journal had them.
type PageRepeats struct {
	Journalled int // the same agent's: a broken promise
	Lagging    int // a dead agent's, which had had the time to hand it over: a broken promise
	Unkept     int // a dead agent's, which died before it could
}

// recognised reads the pages that an agent read by OCR from its log.
func recognised(agent, log string) ([]Recognition, error) {
	raw, err := os.ReadFile(log)
	if err != nil {
		return nil, err
	}
	var out []Recognition
	for line := range strings.SplitSeq(string(raw), "\n") {
		if !strings.Contains(line, `"page read"`) {
			continue
		}
		var l struct {
			Time   time.Time `json:"time"`
			Msg    string    `json:"msg"`
			Job    int64     `json:"job_id"`
			Page   int       `json:"page"`
			Method string    `json:"method"`
		}
		// A line that SIGKILL cut off tells of nothing.
		if json.Unmarshal([]byte(line), &l) == nil && l.Msg == "page read" && l.Method == "ocr" {
			out = append(out, Recognition{agent, l.Job, l.Page, l.Time})
		}
	}
	return out, nil
}

// verifyPages finds pages that were recognised twice.
func (r *Report) verifyPages(f *Facts) {
	type page struct {
		job  int64
		page int
	}
	by := map[page][]Recognition{}
	for _, p := range f.Recognised {
		by[page{p.Job, p.Page}] = append(by[page{p.Job, p.Page}], p)
	}
	r.Pages = len(f.Recognised)
	for at, reads := range by {
		slices.SortFunc(reads, func(a, b Recognition) int { return a.At.Compare(b.At) })
		for i, again := range reads[1:] {
			before := reads[:i+1]
			own := slices.ContainsFunc(before, func(p Recognition) bool { return p.Agent == again.Agent })
			kept := slices.ContainsFunc(before, func(p Recognition) bool { return !diedSoonAfter(f, p) && !concurrent(f, p, again) })
			switch {
			case own:
				r.PageRepeats.Journalled++
				r.broke("page %d of job %d was recognised again by %s, whose journal had it", at.page, at.job, again.Agent)
			case kept:
				r.PageRepeats.Lagging++
				r.broke("page %d of job %d was recognised again by %s though a dead agent's journal had it", at.page, at.job, again.Agent)
			default:
				r.PageRepeats.Unkept++
			}
		}
	}
}

// diedSoonAfter tells whether an agent was killed or frozen before it could put a page where others find it.
func diedSoonAfter(f *Facts, p Recognition) bool {
	return slices.ContainsFunc(f.Deaths, func(d Death) bool {
		return d.Agent == p.Agent && d.At.After(p.At.Add(-keepTime)) && d.At.Before(p.At.Add(keepTime))
	})
}

// concurrent tells whether the second reader had begun before the first was done: then it could not have known.
func concurrent(f *Facts, first, again Recognition) bool {
	at := time.Time{}
	for _, x := range f.Exchanges {
		if x.Op != "lease" || f.Agents[x.Key] != again.Agent || x.At.After(again.At) || x.At.Before(at) {
			continue
		}
		if slices.ContainsFunc(x.Granted, func(g Grant) bool { return g.Job == first.Job }) {
			at = x.At
		}
	}
	return at.Before(first.At)
}
