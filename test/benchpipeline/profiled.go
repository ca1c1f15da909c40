package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
	"github.com/aidoc-pipeline/aidoc-agent/test/profileagent"
)

// byPart is the section of processor time by part.
const byPart = "CPU by part"

// profiledAgent is one of the agents that profilePart compares.
type profiledAgent struct {
	bin     string
	folders []string
	parts   map[string]float64
	cell    cell
}

// profilePart measures the documents without images at 0 ms with each agent in turn, and says on which of its parts the agent's processor time went.
func profilePart(ctx context.Context, o options, s *side, page *bench.Page) error {
	all, err := documents(o.corpus)
	if err != nil {
		return err
	}
	list := cells(all)
	var agents []*profiledAgent
	for bin := range strings.SplitSeq(o.profiled, ",") {
		agents = append(agents, &profiledAgent{bin: bin, cell: list[len(list)-1]})
	}
	load := bench.Load()
	for round := range o.runs {
		for i, a := range agents {
			name := fmt.Sprintf("profile-%d-%d", round, i)
			dir := filepath.Join(s.dir, name)
			got, err := a.cell.measure(ctx, s.bed, a.bin, dir, name)
			if err != nil {
				return fmt.Errorf("%s: %w", a.bin, err)
			}
			a.cell.runs, a.folders = append(a.cell.runs, got), append(a.folders, dir)
			say("profile, round %d, %s: agent %.3f, readers %.3f s a document", round+1, a.bin, got[cpuAgent], got[cpuReaders])
		}
	}
	for _, a := range agents {
		if a.parts, err = profileagent.Parts(a.folders...); err != nil {
			return err
		}
	}
	text := partsTable(agents, load)
	fmt.Print("\n", text, "\n")
	page.Set(byPart, s.title(), text)
	return nil
}

// partsTable has a column for each agent, in milliseconds a document; the parts add up to what the kernel says of the whole process.
func partsTable(agents []*profiledAgent, load string) string {
	var b strings.Builder
	last := agents[len(agents)-1]
	fmt.Fprintf(&b, "The real agent under a profiler (`make profile-agent`) in the runs of the mix without images at 0 ms: %d documents a run, %d runs, each agent in turn, load average at the start %s. Means, milliseconds of processor time a document.\n\n| part |",
		len(last.cell.mix.docs), len(last.folders), load)
	for i := range agents {
		b.WriteString([]string{" now |", " before |"}[min(len(agents)-1-i, 1)])
	}
	b.WriteString("\n|---|" + strings.Repeat("---:|", len(agents)) + "\n")
	names := map[string]bool{}
	for _, a := range agents {
		for part := range a.parts {
			names[part] = true
		}
	}
	sorted := slices.SortedFunc(maps.Keys(names), func(x, y string) int {
		return cmp.Or(cmp.Compare(last.parts[y], last.parts[x]), cmp.Compare(x, y))
	})
	row := func(name, format string, value func(*profiledAgent) float64) {
		b.WriteString("| " + name + " |")
		for _, a := range agents {
			fmt.Fprintf(&b, " "+format+" |", value(a))
		}
		b.WriteByte('\n')
	}
	for _, part := range sorted {
		row(part, "%.1f", func(a *profiledAgent) float64 { return a.each(a.parts[part]) })
	}
	row("**agent**", "**%.1f**", func(a *profiledAgent) float64 {
		sum := 0.0
		for _, s := range a.parts {
			sum += s
		}
		return a.each(sum)
	})
	row("agent, as the mix measures it", "%.1f", func(a *profiledAgent) float64 { return a.mean(cpuAgent) })
	row("readers", "%.1f", func(a *profiledAgent) float64 { return a.mean(cpuReaders) })
	row(string(memAgent), "%.0f", func(a *profiledAgent) float64 { return a.mean(memAgent) / 1000 }) // less collecting is more memory
	return b.String()
}

// each is milliseconds a document of seconds of all runs.
func (a *profiledAgent) each(seconds float64) float64 {
	return 1000 * seconds / float64(len(a.folders)*len(a.cell.mix.docs))
}

func (a *profiledAgent) mean(f figure) float64 {
	sum := 0.0
	for _, r := range a.cell.runs {
		sum += r[f]
	}
	return 1000 * sum / float64(len(a.cell.runs))
}
