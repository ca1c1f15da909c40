package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"text/tabwriter"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
)

type jobsCmd struct {
	Last int  `help:"How many to list: those in work first, then the ones that ended last." default:"20"`
	JSON bool `help:"Print every job as JSON, one an object."`
}

// jobRow is one job in the JSON. It has no lease token.
type jobRow struct {
	Site      string    `json:"site"`
	JobID     int64     `json:"job_id"`
	Epoch     int64     `json:"epoch"`
	State     string    `json:"state"`
	Phase     string    `json:"phase"`
	Done      int       `json:"done"`
	Total     int       `json:"total"`
	Filename  string    `json:"filename"`
	SHA256    string    `json:"sha256,omitempty"`
	StartedAt time.Time `json:"started_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Error     string    `json:"error,omitempty"`
}

// Run lists the jobs in the journal; a running agent is not disturbed.
func (cmd *jobsCmd) Run(e *env, c *commands) error {
	cfg, err := load(e, c)
	if err != nil {
		return err
	}
	if cmd.Last < 1 || cmd.Last > 100_000 {
		return withCode(exitUsage, fmt.Errorf("--last is %d: give a number from 1 to 100000", cmd.Last))
	}
	j, err := journal.OpenReadOnly(e.ctx, cfg.JournalPath())
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintln(e.stdout, "No job yet: no agent has run with this data folder.")
		return nil
	}
	if err != nil {
		return withCode(exitMachine, err)
	}
	defer j.Close()
	list, err := j.RecentJobs(e.ctx, cmd.Last)
	if err != nil {
		return withCode(exitMachine, err)
	}
	if cmd.JSON {
		return printJobsJSON(e, list)
	}
	printJobs(e, list, time.Now())
	return nil
}

func printJobsJSON(e *env, list []journal.JobRecord) error {
	enc := json.NewEncoder(e.document())
	for _, r := range list {
		if err := enc.Encode(jobRow{Site: r.Site, JobID: r.JobID, Epoch: r.Epoch, State: string(r.State), Phase: r.Phase, Done: r.Done, Total: r.Total,
			Filename: r.Filename, SHA256: r.SHA256, StartedAt: r.StartedAt, UpdatedAt: r.UpdatedAt, Error: r.Error}); err != nil {
			return withCode(exitMachine, err)
		}
	}
	return nil
}

func printJobs(e *env, list []journal.JobRecord, now time.Time) {
	if len(list) == 0 {
		fmt.Fprintln(e.stdout, "No job yet.")
		return
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "job\tstate\tpages\ttook\tchanged\tfile\tsite")
	for _, r := range list {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", r.JobID, r.State, count(r.Done, r.Total), r.UpdatedAt.Sub(r.StartedAt).Round(time.Second),
			ago(now, r.UpdatedAt), clean(r.Filename), clean(r.Site))
		if r.Error != "" {
			fmt.Fprintf(w, "\t%s\n", clean(r.Error))
		}
	}
	w.Flush()
}
