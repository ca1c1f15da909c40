package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	_ "embed"

	"github.com/google/uuid"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

//go:embed bench.php
var benchPHP string

// bed is one site with a queue of a certain length and one agent that works on it.
type bed struct {
	*wpsite.Site
	rows   int
	client *wpclient.Client
	other  *wpclient.Client // a second agent that reads none of the queue's types
	http   *http.Client

	lease, result, nothing, idle, blind bench.Sample
}

func newBed(ctx context.Context, dir, db string, port, rows, worked int) (*bed, error) {
	site, err := wpsite.Start(filepath.Join(dir, fmt.Sprint("rows-", rows)), port, "--db", db)
	if err != nil {
		return nil, err
	}
	b := &bed{Site: site, rows: rows, http: &http.Client{Timeout: time.Minute}}
	if err := site.MustUse("bench.php", benchPHP); err != nil {
		return b, err
	}
	at, agents, err := site.Agents(ctx, "bench", 2)
	if err != nil {
		return b, err
	}
	b.client, b.other = wpclient.New(at, agents[0].Key, wpclient.Options{}), wpclient.New(at, agents[1].Key, wpclient.Options{})
	return b, b.fill(ctx, worked)
}

// fill queues the documents to be worked on, which come first, and behind them as many others as the
// bed has rows. Those are rows only: nobody gets to them.
func (b *bed) fill(ctx context.Context, worked int) error {
	if b.rows == 0 {
		return nil
	}
	if _, err := b.Documents(ctx, worked); err != nil {
		return err
	}
	// Claims shuffle what they find within a priority, so these need one of their own to come first.
	if _, err := b.Query(ctx, "UPDATE {p}aidoc_jobs SET priority = 5 WHERE state = 'queued'"); err != nil {
		return err
	}
	const columns = "attachment_id, source_sha256, state, priority, max_attempts, failures, filename, mime, bytes, language, source, fingerprint, trace_id, available_at, enqueued_at, created_at, updated_at"
	const chunk = 100_000
	for from := 0; from < b.rows; from += chunk {
		n := min(chunk, b.rows-from)
		_, err := b.Query(ctx, `INSERT INTO {p}aidoc_jobs (%s) SELECT 10000000 + seq, SHA2(seq, 256), 'queued', 10, 4, '[]', CONCAT('minutes-', seq, '.pdf'), 'application/pdf',
			200000 + seq, 'en-US', '{"kind":"site"}', SHA1(seq), MD5(seq), t.now + seq / 1000, t.now, t.now, t.now FROM seq_%d_to_%d, (SELECT MAX(available_at) AS now FROM {p}aidoc_jobs WHERE mime = 'text/plain') t`,
			columns, from+1, from+n)
		if err != nil {
			return err
		}
	}
	_, err := b.Query(ctx, "ANALYZE TABLE {p}aidoc_jobs")
	return err
}

func (b *bed) ask(mimes ...string) wpclient.LeaseRequest {
	return wpclient.LeaseRequest{RequestID: uuid.NewString(), FreeSlots: 1, Capabilities: wpclient.Capabilities{MIMEs: mimes, MaxBytes: 1 << 30},
		Agent: wpclient.AgentInfo{Version: "1.0.0", Host: "localhost", OS: "linux", Arch: "amd64", Slots: 1}}
}

// work is one claim and its result.
func (b *bed) work(ctx context.Context) error {
	start := time.Now()
	resp, err := b.client.Lease(ctx, b.ask("application/pdf", "text/plain", "image/*"))
	if err != nil {
		return err
	}
	leased := time.Since(start)
	if len(resp.Leases) != 1 || resp.Leases[0].MIME != "text/plain" {
		return fmt.Errorf("%d rows: leased %d jobs, want one of the documents that come first", b.rows, len(resp.Leases))
	}
	l := resp.Leases[0]
	body, err := wpclient.EncodeResult(wpclient.Result{LeaseRef: l.Ref(), ResultID: uuid.NewString(), AttachmentID: l.AttachmentID, SourceSHA256: l.SHA256,
		Title: "Minutes", SummaryMarkdown: strings.Repeat("The council agreed to repair the bridge before winter.\n\n", 8), Language: "en", WordCount: 900, Pages: 3, Chunks: 2, S3TextKey: "processed/text.txt"})
	if err != nil {
		return err
	}
	start = time.Now()
	if _, err := b.client.Result(ctx, body); err != nil {
		return err
	}
	b.lease, b.result = append(b.lease, leased), append(b.result, time.Since(start))
	return nil
}

// doNothing is the floor: a POST that WordPress routes and nobody works on.
func (b *bed) doNothing(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.URL+"/wp-json/bench/v1/nothing", strings.NewReader("{}"))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	start := time.Now()
	resp, err := b.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the route that does nothing answered %d", resp.StatusCode)
	}
	b.nothing = append(b.nothing, time.Since(start))
	return nil
}

// poll asks for work that is not there.
func (b *bed) poll(ctx context.Context, client *wpclient.Client, into *bench.Sample, mimes ...string) error {
	start := time.Now()
	resp, err := client.Lease(ctx, b.ask(mimes...))
	if err != nil {
		return err
	}
	if len(resp.Leases) > 0 {
		return fmt.Errorf("%d rows: leased a job of a type that was not asked for", b.rows)
	}
	*into = append(*into, time.Since(start))
	return nil
}

// blindEvery: what looks at the whole queue takes seconds, and a few samples show it.
const blindEvery = 10

// measure takes turns: every round asks every site for everything, in an order of its own, so that whatever else the
// machine does hits all of them alike.
func measure(ctx context.Context, beds []*bed, rounds int) error {
	for round := range rounds {
		type turn struct {
			b  *bed
			do func(context.Context) error
		}
		var turns []turn
		for _, b := range beds {
			turns = append(turns, turn{b, b.doNothing})
			if b.rows == 0 {
				turns = append(turns, turn{b, func(ctx context.Context) error {
					return b.poll(ctx, b.client, &b.idle, "application/pdf", "text/plain")
				}})
				continue
			}
			turns = append(turns, turn{b, b.work})
			if round%blindEvery == 0 {
				turns = append(turns, turn{b, func(ctx context.Context) error { return b.poll(ctx, b.other, &b.blind, "image/png") }})
			}
		}
		rand.Shuffle(len(turns), func(i, j int) { turns[i], turns[j] = turns[j], turns[i] })
		for _, t := range turns {
			if err := t.do(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}
