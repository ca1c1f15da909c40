package wpsite

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

var plain = &http.Client{Timeout: 10 * time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}

// Document is one attachment and its job.
type Document struct {
	Attachment int64 `json:"attachment"`
	Job        int64 `json:"job"`
}

// Rows is what one SQL statement brought.
type Rows struct {
	Rows     []map[string]*string `json:"rows"`
	Affected int64                `json:"affected"`
}

// Text is a column of the first row; "" where there is none, or NULL.
func (r Rows) Text(column string) string {
	if len(r.Rows) == 0 || r.Rows[0][column] == nil {
		return ""
	}
	return *r.Rows[0][column]
}

// Query runs one SQL statement; {p} stands for the table prefix. Costs a connection and the statement, no WordPress.
func (s *Site) Query(ctx context.Context, format string, args ...any) (Rows, error) {
	var out Rows
	err := s.ask(ctx, "query", map[string]any{"sql": fmt.Sprintf(format, args...)}, &out)
	return out, err
}

// Documents uploads count small texts; what was queued before leaves the queue.
func (s *Site) Documents(ctx context.Context, count int) ([]Document, error) {
	var out []Document
	err := s.ask(ctx, "documents", map[string]any{"count": count}, &out)
	return out, err
}

// Forget empties php-fpm's opcode cache: files that were changed are read again at once.
func (s *Site) Forget(ctx context.Context) error {
	var ok bool
	return s.ask(ctx, "forget", nil, &ok)
}

// Agent is a joined agent.
type Agent struct {
	ID        int64
	Name      string
	Key       wpclient.Key
	NewAgents int // as the site told it when it joined
}

// Tokens creates count agents and returns the tokens by which they join.
func (s *Site) Tokens(ctx context.Context, prefix string, count int) ([]string, error) {
	var tokens []string
	return tokens, s.ask(ctx, "agents", map[string]any{"prefix": prefix, "count": count}, &tokens)
}

// Agents creates and joins count agents, and returns how the site is reached.
func (s *Site) Agents(ctx context.Context, prefix string, count int) (wpclient.Site, []Agent, error) {
	tokens, err := s.Tokens(ctx, prefix, count)
	if err != nil {
		return wpclient.Site{}, nil, err
	}
	site, err := wpclient.Discover(ctx, s.URL, wpclient.Options{})
	if err != nil {
		return site, nil, err
	}
	agents := make([]Agent, 0, count)
	for _, token := range tokens {
		joined, err := wpclient.Join(ctx, site, token, wpclient.AgentInfo{Version: "1.0.0", Host: "localhost", OS: "linux", Arch: "amd64"}, wpclient.Options{})
		if err != nil {
			return site, nil, err
		}
		key, err := joined.Key()
		if err != nil {
			return site, nil, err
		}
		agents = append(agents, Agent{ID: joined.Agent.ID, Name: joined.Agent.Name, Key: key, NewAgents: joined.NewAgents})
	}
	return site, agents, nil
}

func (s *Site) ask(ctx context.Context, op string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/"+s.probe+"?op="+op, bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := plain.Do(req)
	if err != nil {
		return fmt.Errorf("probe %s: %w", op, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("probe %s: %w", op, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("probe %s: status %d: %.500s", op, resp.StatusCode, answer)
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("probe %s: %w: %.500s", op, err, answer)
	}
	return nil
}
