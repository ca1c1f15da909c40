package cli

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

func printStatus(w io.Writer, st agent.Status) {
	state := "running"
	if st.Draining {
		state = "draining"
	}
	held := 0
	for _, s := range st.Sites {
		held += len(s.Held)
	}
	fmt.Fprintf(w, "%s, %d of %d slots used; %s; store %s; aidoc-agent %s, process %d\n", state, held, st.Slots, st.Summariser, st.ObjectStore, st.Version, st.PID)
	if st.Pressure != "" {
		fmt.Fprintf(w, "takes no work: %s\n", clean(st.Pressure))
	}
	printWindow(w, "", st.Window)
	printReload(w, st.Reload)
	printModels(w, st.Models, st.At)
	if b := st.Batches; b != nil && b.Documents > 0 {
		fmt.Fprintf(w, "batches: %d documents wait, the oldest for %s; %d questions in %d batches, %d gathered\n",
			b.Documents, st.At.Sub(b.Since).Round(time.Minute), b.Questions, b.Batches, b.Gathered)
	}
	fmt.Fprintf(w, "outbox: %d waiting (%d KiB)\n", st.OutboxItems, st.OutboxBytes>>10)
	for _, s := range st.Sites {
		printSite(w, s, st)
	}
}

// printReload says what of the configuration is not in force.
func printReload(w io.Writer, r *agent.Reload) {
	if r == nil {
		return
	}
	if r.Error != "" {
		fmt.Fprintf(w, "the configuration was not taken anew at %s: %s\n", r.At.Format("15:04:05"), clean(r.Error))
	}
	if len(r.Later) > 0 {
		fmt.Fprintf(w, "in force at the next start: %s\n", clean(strings.Join(r.Later, ", ")))
	}
}

func printWindow(w io.Writer, indent string, win *agent.Window) {
	if win == nil {
		return
	}
	words := "documents are processed now"
	if !win.Open {
		words = "outside the processing windows"
	}
	if !win.Changes.IsZero() {
		words += ", until " + win.Changes.Format("Mon 2006-01-02 15:04 MST")
	}
	fmt.Fprintf(w, "%swindows: %s\n", indent, words)
}

// rowMark begins the lines of a table: they are cut where others are folded.
const rowMark = "  job "

func printSite(w io.Writer, s agent.SiteStatus, st agent.Status) {
	now := st.At
	fmt.Fprintf(w, "\n%s (%s): %s, last contact %s\n", clean(s.URL), identityWords(wpclient.Identity(s.Identity)), clean(s.Directive), ago(now, s.LastContact))
	fmt.Fprintf(w, "  %sdone %d, failed %d, lost %d, given back %d\n", queueWords(s.Queue)+crowd(s.Agents), s.Done, s.Failed, s.Lost, s.Released)
	printOwn(w, s, st.Summariser)
	if why := whyIdle(s); why != "" {
		fmt.Fprintf(w, "  %s\n", clean(why))
	}
	if s.LastError != "" {
		fmt.Fprintf(w, "  trouble: %s%s\n", clean(s.LastError), againWords(s, now))
	}
	if words := bellWords(s.Doorbell); words != "" {
		fmt.Fprintf(w, "  doorbell: %s\n", clean(words))
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, h := range s.Held {
		fmt.Fprintf(t, rowMark+"%d\t%s\t%s\t%s\t%s\n", h.JobID, phaseWords[h.Phase], count(h.Done, h.Total), now.Sub(h.Since).Round(time.Second), clean(h.Filename))
	}
	t.Flush()
}

// againWords says when a site that gave no answer is asked for work again.
func againWords(s agent.SiteStatus, now time.Time) string {
	if s.AskedAgain.IsZero() {
		return ""
	}
	return fmt.Sprintf(" (asked again in %s)", max(0, s.AskedAgain.Sub(now)).Round(time.Second))
}

// bellWords says what is wrong with a doorbell; "" where nothing is.
func bellWords(h *wpclient.Hearing) string {
	if h == nil {
		return ""
	}
	sign := ""
	if h.Sign != "" {
		sign = " (" + h.Sign + ")"
	}
	switch h.State {
	case wpclient.BellAround:
		return "a cache keeps its file" + sign + "; the agent looks around it"
	case wpclient.BellKept:
		return "a cache keeps its file, whatever is asked" + sign + "; polling instead, documents are noticed up to half a minute late: see doctor"
	case wpclient.BellUnreachable:
		return "cannot be reached; polling instead, documents are noticed up to half a minute late: see doctor"
	}
	return ""
}

// printOwn shows what the operator has set for this site.
func printOwn(w io.Writer, s agent.SiteStatus, summariser string) {
	var own []string
	if s.MaxDocuments > 0 {
		own = append(own, fmt.Sprintf("%d of at most %d documents in work", len(s.Held), s.MaxDocuments))
	}
	if s.Model != "" && s.Model != summariser { // agents of before tell none
		own = append(own, "summaries by "+s.Model)
	}
	if s.Vision != "" {
		own = append(own, "pages that are recognised badly read by "+s.Vision)
	}
	if len(s.Languages) > 0 {
		own = append(own, "languages "+joinNames(s.Languages))
	}
	if len(s.Labels) > 0 {
		own = append(own, "labels "+joinNames(s.Labels))
	}
	if len(own) > 0 {
		fmt.Fprintf(w, "  %s\n", clean(strings.Join(own, "; ")))
	}
	switch {
	case s.OwnWindows && s.Window == nil:
		fmt.Fprintln(w, "  windows: its documents are processed at all times")
	case s.OwnWindows:
		printWindow(w, "  ", s.Window)
	}
	printSpends(w, "  models", s.Spend)
}

func queueWords(n *int) string {
	switch {
	case n == nil:
		return ""
	case *n >= wpclient.MaxQueueDepth:
		return fmt.Sprintf("%d or more waiting, ", *n)
	}
	return fmt.Sprintf("%d waiting, ", *n)
}

// crowd says how many agents ask a site, where it is not this one alone.
func crowd(n int) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf("%d agents ask, ", n)
}

// whyIdle says why nothing of a site is in work; "" where something is and more is taken.
func whyIdle(s agent.SiteStatus) string {
	why := s.Why
	if why == "" {
		why = s.Waits // agents of before tell no more
	}
	switch {
	case why != "":
		return "takes no work: " + why
	case len(s.Held) > 0 || s.LastError != "" || s.LastContact.IsZero():
		return ""
	case s.Queue != nil && *s.Queue > 0:
		return "idle: what waits there is not for this agent (types, size, local only), or comes due later"
	}
	return "idle: nothing waits there"
}

// printModels says why no model is asked, and what was spent where anything was or a cap is set.
func printModels(w io.Writer, m agent.ModelStatus, now time.Time) {
	if m.Outage != "" {
		fmt.Fprintf(w, "no model for %s: %s (tried again in %s; %s)\n", now.Sub(m.OutageSince).Round(time.Second), clean(m.Outage),
			max(0, m.NextTry.Sub(now)).Round(time.Second), clean(m.Account))
	}
	printSpends(w, "models", m.Spend)
}

func printSpends(w io.Writer, what string, all []agent.Spend) {
	for _, s := range all {
		if s.Tokens == 0 && s.MaxTokens == 0 && s.MaxUSD == 0 {
			continue
		}
		fmt.Fprintf(w, "%s this %s: %s tokens, %s US dollars\n", what, s.Period, of(strconv.FormatInt(s.Tokens, 10), strconv.FormatInt(s.MaxTokens, 10), s.MaxTokens > 0),
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
