package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

//go:embed requests.php
var requestsPHP string

// side is a site with one checkout's plugin, and an agent that works for it.
type side struct {
	*wpsite.Site
	commit  string
	servers wpsite.Servers
	client  *wpclient.Client
	kinds   map[string]*kind
	ends    map[string]time.Duration // processor time of each PHP process at the end of its last request
	read    int                      // so much of the log of requests was read
}

// kind is what all requests of one kind have cost so far.
type kind struct {
	requests, statements int
	parts                map[string]time.Duration
	mariadb              time.Duration
}

func newSide(ctx context.Context, dir, plugin string) (*side, error) {
	site, err := wpsite.Start(dir, 0, "--plugin", plugin)
	if err != nil {
		return nil, err
	}
	s := &side{Site: site, commit: bench.Commit(plugin), kinds: map[string]*kind{}, ends: map[string]time.Duration{}}
	if err := site.MustUse("requests.php", requestsPHP); err != nil {
		return s, err
	}
	if s.servers, err = site.Servers(); err != nil {
		return s, err
	}
	at, agents, err := site.Agents(ctx, "bench", 1)
	if err != nil {
		return s, err
	}
	s.client = wpclient.New(at, agents[0].Key, wpclient.Options{})
	return s, nil
}

var agentInfo = wpclient.AgentInfo{Version: "1.0.0", Host: "localhost", OS: "linux", Arch: "amd64", Slots: 8}

// round is the way of some documents; only what counts is added up.
func (s *side) round(ctx context.Context, documents int, counts bool) error {
	if _, err := s.Documents(ctx, documents); err != nil {
		return err
	}
	var leases []wpclient.Lease
	var bodies [][]byte
	steps := []struct {
		kind     string
		requests int
		do       func() error
	}{
		{"nothing", documents, func() error { return repeat(documents, func(int) error { return s.nothing(ctx) }) }},
		{"lease", 1, func() (err error) { leases, err = s.lease(ctx, documents); return err }},
		{"file", documents, func() error { return repeat(documents, func(i int) error { return s.file(ctx, leases[i]) }) }},
		{"result", documents / 2, func() (err error) {
			if bodies, err = results(leases); err != nil {
				return err
			}
			return repeat(documents/2, func(i int) error { _, err := s.client.Result(ctx, bodies[i]); return err })
		}},
		{"results", 1, func() error { return s.together(ctx, bodies[documents/2:]) }},
		{"lease, nothing waits", documents / 2, func() error {
			return repeat(documents/2, func(int) error { _, err := s.client.Lease(ctx, ask(documents)); return err })
		}},
	}
	for _, step := range steps {
		if err := s.nothing(ctx); err != nil { // so that the end of another step is not counted to this one
			return err
		}
		if err := s.follow(ctx, "nothing", 1, nil); err != nil {
			return err
		}
		before := bench.Tree(s.servers.MariaDB)
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.kind, err)
		}
		k := &kind{parts: map[string]time.Duration{}}
		if counts {
			k = s.kind(step.kind)
		}
		k.mariadb += bench.Tree(s.servers.MariaDB) - before
		if err := s.follow(ctx, step.kind, step.requests, k); err != nil {
			return err
		}
	}
	return nil
}

func repeat(n int, do func(int) error) error {
	for i := range n {
		if err := do(i); err != nil {
			return err
		}
	}
	return nil
}

func (s *side) log() string { return filepath.Join(s.Root, "wp-content/mu-plugins/requests.log") }

func (s *side) nothing(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/wp-json/bench/v1/nothing", strings.NewReader("{}"))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the route that does nothing answered %d: %w", resp.StatusCode, err)
	}
	return nil
}

func ask(slots int) wpclient.LeaseRequest {
	return wpclient.LeaseRequest{RequestID: uuid.NewString(), FreeSlots: slots, Capabilities: wpclient.Capabilities{MIMEs: []string{"application/pdf", "text/plain"}, MaxBytes: 1 << 30}, Agent: agentInfo}
}

func (s *side) lease(ctx context.Context, documents int) ([]wpclient.Lease, error) {
	resp, err := s.client.Lease(ctx, ask(documents))
	if err == nil && len(resp.Leases) != documents {
		err = fmt.Errorf("%d documents were leased, not %d", len(resp.Leases), documents)
	}
	return resp.Leases, err
}

func (s *side) file(ctx context.Context, l wpclient.Lease) error {
	body, err := s.client.File(ctx, l.Ref(), 0)
	if err != nil {
		return err
	}
	defer body.Close()
	_, err = io.Copy(io.Discard, body)
	return err
}

func results(leases []wpclient.Lease) ([][]byte, error) {
	var bodies [][]byte
	for _, l := range leases {
		body, err := wpclient.EncodeResult(wpclient.Result{LeaseRef: l.Ref(), ResultID: uuid.NewString(), AttachmentID: l.AttachmentID, SourceSHA256: l.SHA256,
			Title: "Minutes", SummaryMarkdown: strings.Repeat("The council agreed to repair the bridge before winter.\n\n", 8), Language: "en", WordCount: 900, Pages: 3, Chunks: 2, S3TextKey: "processed/text.txt"})
		if err != nil {
			return nil, err
		}
		bodies = append(bodies, body)
	}
	return bodies, nil
}

func (s *side) together(ctx context.Context, bodies [][]byte) error {
	answer, err := s.client.Results(ctx, bodies, agentInfo)
	if err != nil {
		return err
	}
	for _, o := range answer.Outcomes {
		if o.Err != nil {
			return o.Err
		}
	}
	return nil
}
