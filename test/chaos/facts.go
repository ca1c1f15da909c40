package chaos

import (
	"fmt"
	"strconv"
	"time"
)

// Facts are what a run left, from every side. Verify makes the report of them.
type Facts struct {
	Pace      Pace
	Took      time.Duration
	Jobs      []JobRow
	Posts     []PostRow
	Events    []EventRow
	Accepted  map[int64]Doc // by attachment: what WordPress took from the person who uploaded
	Exchanges []Exchange
	Calls     []Call
	Lives     []Life
	// Recognised are the pages that were read by OCR and are in the journal of the agent that read them.
	Recognised []Recognition
	Known      map[Holding]map[int]bool // model answers in the hand-over segments that a lease came with
	Deaths     []Death
	Outages    []Span // of the database and php-fpm
	Skews      []Skew
	Stops      int               // times an agent was stopped past the ttl
	Orphans    []string          // processes that outlived their agent
	Panics     []string          // lines of agents' logs
	PHP        []string          // complaints of PHP about the plugin, outside the outages
	Agents     map[string]string // key id → name
}

// Recognition is one page that an agent read by OCR.
type Recognition struct {
	Agent string
	Job   int64
	Page  int
	At    time.Time // when the journal had it
}

// Holding is one lease.
type Holding struct{ Job, Epoch int64 }

// JobRow is a row of aidoc_jobs.
type JobRow struct {
	ID, Attachment, Attempt, Crashes, Post int64
	State, Code, Message                   string
}

// PostRow is a summary.
type PostRow struct {
	ID, Attachment int64
	Marks          []string // words of documents that its text quotes
}

// EventRow is a row of aidoc_events.
type EventRow struct {
	At         time.Time
	Job, Agent int64
	Kind, Code string
}

// Death is one end of an agent that somebody else had to make up for.
type Death struct {
	Agent   string
	How     string // "kill" or "term"
	At      time.Time
	Held    []Holding
	Unknown bool // the database was down too: nobody knows what was held
}

// Span is a time with a beginning and an end.
type Span struct{ From, To time.Time }

// Skew is a time in which an agent's clock was off.
type Skew struct {
	Key string
	Span
}

// collect reads the site's side of the facts.
func (f *Facts) collect(s *Site) error {
	n := func(text string) int64 { v, _ := strconv.ParseInt(text, 10, 64); return v }
	rows, err := s.SQL("SELECT id, attachment_id, attempt, crashes, summary_post_id, state, error_code, error_message FROM {p}aidoc_jobs ORDER BY id")
	if err != nil {
		return err
	}
	f.Jobs = nil
	for _, r := range rows {
		f.Jobs = append(f.Jobs, JobRow{n(r[0]), n(r[1]), n(r[2]), n(r[3]), n(r[4]), r[5], r[6], r[7]})
	}
	// What people see: the posts of the type, by the attachment in their meta, whatever the jobs say of them.
	rows, err = s.SQL(`SELECT p.ID, COALESCE(m.meta_value, 0), p.post_content FROM {p}posts p
		LEFT JOIN {p}postmeta m ON m.post_id = p.ID AND m.meta_key = 'aidoc_attachment_id' WHERE p.post_type = 'aidoc_summary' AND p.post_status <> 'auto-draft'`)
	if err != nil {
		return err
	}
	f.Posts = nil
	for _, r := range rows {
		p := PostRow{ID: n(r[0]), Attachment: n(r[1])}
		seen := map[string]bool{}
		for _, m := range mark.FindAllString(r[2], -1) {
			if !seen[m] {
				seen[m] = true
				p.Marks = append(p.Marks, m)
			}
		}
		f.Posts = append(f.Posts, p)
	}
	rows, err = s.SQL("SELECT at_ms, job_id, agent_id, kind, code FROM {p}aidoc_events ORDER BY id")
	if err != nil {
		return err
	}
	f.Events = nil
	for _, r := range rows {
		if len(r) != 5 {
			return fmt.Errorf("an event of %d columns", len(r))
		}
		f.Events = append(f.Events, EventRow{time.UnixMilli(n(r[0])), n(r[1]), n(r[2]), r[3], r[4]})
	}
	return nil
}
