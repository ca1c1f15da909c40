package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// Documents that are far longer than an agent with default settings holds in memory, as many as it works on at a time.
const (
	largeDocuments = 8
	largeBytes     = 14 << 20 // some 4,500 pages; more than 5,000 are refused by default
	largeMemory    = 512.0    // MiB, the default of limits.memory
	largeLimit     = 20 * time.Minute
)

// largePart gives one agent all of them at once.
func largePart(ctx context.Context, o options, r *bench.Report) (err error) {
	ctx, stop := context.WithTimeout(ctx, largeLimit)
	defer stop()
	t, err := newTeam(ctx, o, "large", 1)
	if err != nil {
		return err
	}
	defer t.close()
	site := t.sites[0]
	for i := range largeDocuments {
		site.jobs = append(site.jobs, site.AddJob(fmt.Sprintf("minutes-%d.txt", i), "text/plain", longText(uint64(i), largeBytes)))
	}
	start := time.Now()
	if err := t.Start(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.Stop()) }()
	if err := t.await(ctx); err != nil {
		return err
	}
	took, highest := time.Since(start), mib(bench.Highest(t.PID()))
	r.AtMost(fmt.Sprintf("%d texts of %d MiB at once, memory of the agent", largeDocuments, largeBytes>>20), highest, largeMemory, " MiB (limits.memory)",
		"at most %.0f MiB; all done in %.0f s", highest, took.Seconds())
	return nil
}

// longText is running text of about that many bytes, another one for each seed.
func longText(seed uint64, size int) []byte {
	words := bytes.Fields([]byte(`the council agreed to repair bridge before winter and asked treasurer for a report on money that is left
		members of committee discussed roads schools water library budget plans with residents who spoke about noise traffic trees light`))
	rnd := rand.New(rand.NewPCG(seed, 1))
	var b bytes.Buffer
	b.Grow(size + 1024)
	for b.Len() < size {
		for range 3 + rnd.IntN(5) {
			fmt.Fprintf(&b, "On day %d", rnd.IntN(1_000_000))
			for range 6 + rnd.IntN(12) {
				b.WriteByte(' ')
				b.Write(words[rnd.IntN(len(words))])
			}
			b.WriteString(". ")
		}
		b.WriteString("\n\n")
	}
	return b.Bytes()
}
