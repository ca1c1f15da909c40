package chaos

import (
	"fmt"
	"strings"
	"time"
)

// String is the report as Markdown.
func (r Report) String() string {
	var b strings.Builder
	row := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "| %s | %s |\n", name, fmt.Sprintf(format, args...))
	}
	b.WriteString("| | |\n|---|---|\n")
	row("jobs / done / failed", "%d / %d / %d%s", r.Jobs, r.Done, r.Failed, reasons(r.FailedBy))
	row("**lost** (neither done nor failed)", "**%d**", r.Lost)
	row("**duplicate summaries**", "**%d**", r.Duplicates)
	row("summaries of another document", "%d", r.Wrong)
	row("**accepted and yet given out again**", "**%d**", r.Undone)
	row("results refused because they came too late", "%d", r.LateRefused)
	row("model calls", "%d", r.Calls)
	row("**paid again though the same agent's journal had the answer**", "**%d**", r.Repeats.Journalled)
	row("**paid again though the answer was in the object store**", "**%d**", r.Repeats.HandedOver)
	row("**paid again though a dead agent's journal had the answer**", "**%d**", r.Repeats.Lagging)
	row("paid again: the agent died before the answer was kept", "%d", r.Repeats.Unkept)
	row("pages read by OCR", "%d", r.Pages)
	row("**read again though the same agent's journal had the page**", "**%d**", r.PageRepeats.Journalled)
	row("**read again though a dead agent's journal had the page**", "**%d**", r.PageRepeats.Lagging)
	row("read again: the agent died before the page could be handed over", "%d", r.PageRepeats.Unkept)
	row("SIGKILL / SIGSTOP past the ttl / SIGTERM", "%d / %d / %d", r.Kills-r.Stops, r.Stops, r.Terms)
	row("reassigned after the lease ran out", "%s", r.Kill)
	row("reassigned after the agent came back and said so", "%s", r.Handed)
	row("reassigned after SIGTERM, in the turmoil", "%s", r.Term)
	row("upload to first lease", "%s", r.PickUp)
	row("refused for a wrong clock", "%d", r.SkewRefused)
	row("exchanges / with a fault", "%d / %s", r.Exchanges, faultList(r.Faults))
	row("took", "%v", r.Took.Round(time.Second))
	for _, broken := range r.Broken {
		fmt.Fprintf(&b, "\n- BROKEN: %s", broken)
	}
	return b.String()
}

func (t Times) String() string {
	if len(t) == 0 {
		return "none"
	}
	r := func(d time.Duration) time.Duration { return d.Round(10 * time.Millisecond) }
	return fmt.Sprintf("p50 %v, p99 %v, max %v (%d)", r(t.P(0.5)), r(t.P(0.99)), r(t.P(1)), len(t))
}

func reasons(by map[string]int) string {
	if len(by) == 0 {
		return ""
	}
	var parts []string
	for code, n := range by {
		parts = append(parts, fmt.Sprintf("%d× `%s`", n, code))
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

func faultList(by map[Fault]int) string {
	sum, parts := 0, []string{}
	for _, f := range Faults {
		if by[f] > 0 {
			sum += by[f]
			parts = append(parts, fmt.Sprintf("%s %d", f, by[f]))
		}
	}
	return fmt.Sprintf("%d (%s)", sum, strings.Join(parts, ", "))
}

func (z Size) String() string {
	return fmt.Sprintf("%d agents of %d slots and two with wrong clocks, %d documents, %d × SIGKILL, %d × SIGSTOP past the ttl of %v, %d × SIGTERM, MariaDB killed %d ×, php-fpm %d ×, %.0f %% of all exchanges with a fault",
		z.Agents, z.Slots, z.Jobs, z.Kills, z.Stops, z.Pace.TTL, z.Terms, z.DB, z.PHP, 100*z.Plan.Rate)
}
