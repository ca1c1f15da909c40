package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

type statusCmd struct {
	JSON bool `help:"Print the status as JSON."`
}

// staleAfter is when a status file no longer speaks for a live agent (it is written every 5 s).
const staleAfter = 20 * time.Second

// Run shows the status file of the agent that uses the same data folder; exit code 6 when none runs.
func (s *statusCmd) Run(e *env, c *commands) error {
	cfg, err := load(e, c)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(statusPath(cfg))
	if errors.Is(err, fs.ErrNotExist) {
		return withCode(exitMachine, fmt.Errorf("no agent is running with the data folder %s", cfg.DataDir))
	}
	if err != nil {
		return withCode(exitMachine, err)
	}
	var st agent.Status
	if err := json.Unmarshal(raw, &st); err != nil {
		return withCode(exitMachine, fmt.Errorf("the status file %s is damaged: %w", statusPath(cfg), err))
	}
	if age := time.Since(st.At); age > staleAfter {
		return withCode(exitMachine, fmt.Errorf("the agent (process %d) has written no status for %s: it was killed or hangs", st.PID, age.Round(time.Second)))
	}
	if s.JSON {
		_, err = e.document().Write(raw)
		return err
	}
	printStatus(e, st)
	return nil
}

func printStatus(e *env, st agent.Status) {
	state := "running"
	if st.Draining {
		state = "draining"
	}
	fmt.Fprintf(e.stdout, "aidoc-agent %s, process %d, %s; %d slots; %s; store %s\n", st.Version, st.PID, state, st.Slots, st.Summariser, st.ObjectStore)
	if st.Pressure != "" {
		fmt.Fprintf(e.stdout, "takes no work: %s\n", clean(st.Pressure))
	}
	printModels(e, st.Models, st.At)
	if b := st.Batches; b != nil && b.Documents > 0 {
		fmt.Fprintf(e.stdout, "batches: %d documents wait, the oldest for %s; %d questions in %d batches, %d gathered\n",
			b.Documents, st.At.Sub(b.Since).Round(time.Minute), b.Questions, b.Batches, b.Gathered)
	}
	fmt.Fprintf(e.stdout, "outbox: %d waiting (%d KiB)\n", st.OutboxItems, st.OutboxBytes>>10)
	for _, s := range st.Sites {
		fmt.Fprintf(e.stdout, "\n%s (%s): %s, last contact %s; done %d, failed %d, lost %d, given back %d\n",
			clean(s.URL), identityWords(wpclient.Identity(s.Identity)), clean(s.Directive), ago(st.At, s.LastContact), s.Done, s.Failed, s.Lost, s.Released)
		if s.Waits != "" {
			fmt.Fprintf(e.stdout, "  takes no work: %s\n", clean(s.Waits))
		}
		if s.LastError != "" {
			fmt.Fprintf(e.stdout, "  trouble: %s\n", clean(s.LastError))
		}
		w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
		for _, h := range s.Held {
			fmt.Fprintf(w, "  job %d\t%s\t%s\t%s\t%s\n", h.JobID, phaseWords[h.Phase], count(h.Done, h.Total), st.At.Sub(h.Since).Round(time.Second), clean(h.Filename))
		}
		w.Flush()
	}
}

// printModels says why no model is asked, and what was spent where anything was or a cap is set.
func printModels(e *env, m agent.ModelStatus, now time.Time) {
	if m.Outage != "" {
		fmt.Fprintf(e.stdout, "no model for %s: %s (tried again in %s; %s)\n", now.Sub(m.OutageSince).Round(time.Second), clean(m.Outage),
			max(0, m.NextTry.Sub(now)).Round(time.Second), clean(m.Account))
	}
	for _, s := range m.Spend {
		if s.Tokens == 0 && s.MaxTokens == 0 && s.MaxUSD == 0 {
			continue
		}
		fmt.Fprintf(e.stdout, "models this %s: %s tokens, %s US dollars\n", s.Period, of(strconv.FormatInt(s.Tokens, 10), strconv.FormatInt(s.MaxTokens, 10), s.MaxTokens > 0),
			of(fmt.Sprintf("%.4f", s.USD), fmt.Sprintf("%.2f", s.MaxUSD), s.MaxUSD > 0))
	}
}

func of(spent, most string, capped bool) string {
	if !capped {
		return spent
	}
	return spent + " of " + most
}

func count(done, total int) string {
	if total == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d", done, total)
}

func ago(now, t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return now.Sub(t).Round(time.Second).String() + " ago"
}
