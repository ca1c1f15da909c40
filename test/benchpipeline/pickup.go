package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// The pause before an upload, at random: longer than a short text is in work, so that the site is idle again, and in no
// rhythm with the doorbell's.
const (
	pauseMin = 1500 * time.Millisecond
	pauseMax = 6 * time.Second
)

// cachedFor is how long the cache in front of the second site keeps a static file, as hosts' caches do.
const cachedFor = "60s"

// pickupPart uploads short texts at random moments to two sites at the same time, whose agents have nothing to do: one as it
// is, and one behind a cache that keeps the doorbell's file.
func (s *side) pickupPart(ctx context.Context, o options, page *bench.Page) (err error) {
	cached, err := newBed(filepath.Join(s.dir, "cached"), append([]string{"--cache", cachedFor}, s.site...)...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cached.Stop()) }()
	say("%s: %d uploads to each of two idle sites", s.section, o.uploads)
	load := bench.Load()
	sites := []struct {
		bed       *bed
		name      string
		p50, p99  float64 // targets, seconds; 0: none
		waited    bench.Sample
		uploading error
	}{{bed: s.bed, name: "", p50: 1, p99: 3}, {bed: cached, name: ", a cache in front that keeps static files for " + cachedFor, p99: 10}}
	var running sync.WaitGroup
	for i := range sites {
		at := &sites[i]
		running.Go(func() {
			at.waited, at.uploading = at.bed.pickups(ctx, o.uploads, s.agent, filepath.Join(s.dir, fmt.Sprint("pickup-", i)))
		})
	}
	running.Wait()
	r := &bench.Report{}
	for _, at := range sites {
		if at.uploading != nil {
			return at.uploading
		}
		quantile(r, "upload → leased, p50"+at.name, at.waited.Median(), at.p50)
		quantile(r, "upload → leased, p99"+at.name, at.waited.Quantile(.99), at.p99)
	}
	fmt.Print("\n", r.Markdown(), "\n")
	page.Set("Pick-up, "+s.section, s.title(),
		fmt.Sprintf("%d short texts uploaded at random moments, %v to %v apart, to a site whose agent is idle and watches the doorbell; load average %s to %s. Both times are the site's own, as its table of jobs has them.\n\n%s",
			o.uploads, pauseMin, pauseMax, load, bench.Load(), r.Markdown()))
	return nil
}

func quantile(r *bench.Report, what string, got time.Duration, goal float64) {
	if goal == 0 {
		r.Fact(what, "%.2f s", got.Seconds())
		return
	}
	r.AtMost(what, got.Seconds(), goal, " s", "%.2f s", got.Seconds())
}

// pickups starts an agent, uploads, and tells how long each upload waited to be leased.
func (b *bed) pickups(ctx context.Context, uploads int, bin, dir string) (waited bench.Sample, err error) {
	model := llmtest.NewServer(nil)
	defer model.Close()
	agent, err := b.agent(ctx, bin, dir, "pickup", model)
	if err != nil {
		return nil, err
	}
	if err := agent.Start(); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, agent.Stop()) }()
	var uploaded []string
	for i := range uploads {
		if err := pause(ctx, pauseMin+rand.N(pauseMax-pauseMin)); err != nil {
			return nil, err
		}
		id, err := b.Upload(ctx, fmt.Sprintf("pickup-%d.txt", i), fmt.Appendf(nil, "Minutes of meeting %d. The bridge is repaired before winter.\n", i))
		if err != nil {
			return nil, err
		}
		uploaded = append(uploaded, strconv.FormatInt(id, 10))
	}
	return b.leased(ctx, uploaded)
}

// leaseLimit is what the last upload may take to be leased before the run is given up.
const leaseLimit = 2 * time.Minute

// leased waits until all attachments have been leased, and tells how long each was waiting.
func (b *bed) leased(ctx context.Context, attachments []string) (bench.Sample, error) {
	ctx, stop := context.WithTimeout(ctx, leaseLimit)
	defer stop()
	for {
		rows, err := b.Query(ctx, "SELECT claimed_at - enqueued_at AS ms FROM {p}aidoc_jobs WHERE claimed_at > 0 AND attachment_id IN (%s)", strings.Join(attachments, ","))
		if err != nil {
			return nil, err
		}
		if len(rows.Rows) < len(attachments) {
			if err := pause(ctx, time.Second); err != nil {
				return nil, fmt.Errorf("%d of %d uploads were leased: %w", len(rows.Rows), len(attachments), err)
			}
			continue
		}
		var s bench.Sample
		for _, row := range rows.Rows {
			ms, err := strconv.ParseInt(*row["ms"], 10, 64)
			if err != nil {
				return nil, err
			}
			s = append(s, time.Duration(ms)*time.Millisecond)
		}
		return s, nil
	}
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
