package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/aidoc-pipeline/aidoc-agent/agent/pipeline"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// explain prints for each file what would be asked and what it would cost. It sends nothing.
func explain(ctx context.Context, e *env, l *pipeline.Local, files []string) error {
	return eachFile(ctx, e, files, l.Explain, func(f string, plan *llm.Plan) error {
		if plan == nil {
			_, err := fmt.Fprintf(e.stdout, "%s: no model would be asked (summariser %s): it costs nothing and sends nothing.\n", clean(f), l.Summariser.Name())
			return err
		}
		w := bufio.NewWriter(e.document())
		printPlan(w, f, *plan)
		return w.Flush()
	})
}

// printPlan writes sums first, then every prompt. Errors of w come with its Flush.
func printPlan(w *bufio.Writer, file string, p llm.Plan) {
	sum := p.AtMost()
	fmt.Fprintf(w, "%s: %d words in %d chunks; %s/%s would be called %d times", clean(file), p.Words, p.Chunks, p.Provider, p.Model, sum.Calls)
	if paid := len(p.Calls) - sum.Calls; paid > 0 {
		fmt.Fprintf(w, " (%d answers are paid for and kept)", paid)
	}
	fmt.Fprintf(w, "\nat most %d tokens in and %d tokens out: %s\n", sum.TokensIn, sum.TokensOut, dollars(p.PriceKnown, sum.USD))
	if p.PriceKnown {
		fmt.Fprintf(w, "In batches (summary.batch; a document of a site, not a file of process) at most %.4f US dollars.\n", p.InBatches())
	}
	if p.PagesRead != nil {
		fmt.Fprintf(w, "The whole document would cost more than its cap: only passages of %d of its %d pages would be read.\n", len(p.PagesRead), p.Pages)
	}
	if p.Embeddings != "" {
		fmt.Fprintf(w, "Which ones is chosen by embeddings of %s. Until those are paid for, this plan shows passages chosen by their words.\n", clean(p.Embeddings))
	}
	fmt.Fprint(w, "An answer that does not pass the checks is asked for again, which is not in these sums.\n\n")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "call\tstep\treads\ttokens in\tout at most\tUS dollars\n")
	for i, c := range p.Calls {
		usd := dollarsOnly(p.PriceKnown, c.AtMost.USD)
		if c.Paid {
			usd = "paid"
		}
		fmt.Fprintf(t, "%d\t%s\t%s\t%d\t%d\t%s\n", i+1, c.Step, reads(c), c.AtMost.TokensIn, c.AtMost.TokensOut, usd)
	}
	_ = t.Flush() // into w
	for i, c := range p.Calls {
		fmt.Fprintf(w, "\n=== call %d: %s, %s ===\n", i+1, c.Step, reads(c))
		printPrompt(w, c.Prompt)
	}
	fmt.Fprintln(w)
}

func printPrompt(w io.Writer, p llm.Prompt) {
	user := p.User
	if p.Structured != nil {
		user = p.Structured.User
	}
	if p.System == "" { // texts to be placed, which ask nothing
		fmt.Fprintf(w, "--- texts ---\n%s\n", user)
		return
	}
	fmt.Fprintf(w, "--- system ---\n%s\n--- user ---\n%s\n", p.System, user)
	if p.Structured != nil {
		fmt.Fprintf(w, "--- schema of the answer (left out, with Markdown asked for instead, where the server takes none) ---\n%s\n", p.Structured.Schema)
	}
}

func reads(c llm.PlannedCall) string {
	switch {
	case c.FirstPage == 0:
		return "notes"
	case c.FirstPage == c.LastPage:
		return fmt.Sprintf("page %d", c.FirstPage)
	}
	return fmt.Sprintf("pages %d to %d", c.FirstPage, c.LastPage)
}

func dollars(known bool, usd float64) string {
	if !known {
		return "the price of this model is not known (summary.usd_per_mtok_in and summary.usd_per_mtok_out set it)"
	}
	return fmt.Sprintf("at most %.4f US dollars", usd)
}

func dollarsOnly(known bool, usd float64) string {
	if !known {
		return "?"
	}
	return fmt.Sprintf("%.4f", usd)
}
