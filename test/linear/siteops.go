package linear

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
)

// admin presses the buttons of wp-admin: the REST routes behind them, with an application password.
type admin struct {
	site *wpsite.Site
	http *http.Client
}

func newAdmin(site *wpsite.Site, pool http.RoundTripper) *admin {
	return &admin{site: site, http: &http.Client{Transport: pool}}
}

// press returns the code of the refusal, "" where there was none.
func (a *admin) press(ctx context.Context, attachment int64, button string) (string, error) {
	url := fmt.Sprintf("%s/?rest_route=/aidoc/v1/items/%d/%s", a.site.URL, attachment, button)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, nil)
	if err != nil {
		return "", err
	}
	req.SetBasicAuth(a.site.Login, a.site.Password)
	resp, err := a.http.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	if resp.StatusCode == http.StatusOK {
		return "", nil
	}
	var refusal struct{ Code string }
	if err := json.Unmarshal(body, &refusal); err != nil || refusal.Code == "" {
		return "", fmt.Errorf("%s: status %d: %.300s", button, resp.StatusCode, body)
	}
	return refusal.Code, nil
}

var errRefused = errors.New("refused by an unexpected code")

func (c *client) press(ctx context.Context, kind Kind, button, refusal, means string) error {
	d := c.document()
	call := c.now()
	code, err := c.admin.press(ctx, d.Attachment, button)
	if err != nil {
		return err
	}
	out := Output{Code: ok}
	if code == refusal {
		out.Code = means
	} else if code != "" {
		return fmt.Errorf("%s: %w: %s", button, errRefused, code)
	}
	c.record(Input{Kind: kind, Job: d.Job}, out, span{call, c.now()})
	return nil
}

func (c *client) cancel(ctx context.Context) error {
	return c.press(ctx, Cancel, "cancel", "aidoc_not_cancellable", final)
}

func (c *client) retry(ctx context.Context) error {
	return c.press(ctx, Retry, "retry", "aidoc_not_retryable", open)
}

// age lets a lease expire, one that an agent was told of: a lease whose answer is still on its way is left.
func (c *client) age(ctx context.Context) error {
	l, found := c.told(c.rng, 6)
	if !found {
		return nil
	}
	return c.touch(ctx, Input{Kind: Age, Job: l.JobID, Epoch: l.Epoch},
		"UPDATE {p}aidoc_jobs FORCE INDEX (PRIMARY) SET lease_expires_at = %d WHERE id = %d AND epoch = %d AND state = 'leased'", c.counter.Add(1), l.JobID, l.Epoch)
}

// wake ends the rest after a failure.
func (c *client) wake(ctx context.Context) error {
	d := c.document()
	return c.touch(ctx, Input{Kind: Wake, Job: d.Job},
		"UPDATE {p}aidoc_jobs FORCE INDEX (PRIMARY) SET available_at = %d WHERE id = %d AND state = 'queued'", c.counter.Add(1), d.Job)
}

func (c *client) touch(ctx context.Context, in Input, query string, args ...any) error {
	call := c.now()
	rows, err := c.Site.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	out := Output{Code: none}
	if rows.Affected > 0 {
		out.Code = ok
	}
	c.record(in, out, span{call, c.now()})
	return nil
}

func (c *client) readAny(ctx context.Context) error { return c.read(ctx, c.document()) }

func (c *client) read(ctx context.Context, d wpsite.Document) error {
	call := c.now()
	row, err := c.Site.Query(ctx, "SELECT state, epoch, lease_token, agent_id, attempt, failures, result_id, summary_post_id FROM {p}aidoc_jobs WHERE id = %d", d.Job)
	if err != nil {
		return err
	}
	s := span{call, c.now()}
	number := func(column string) int64 {
		n, e := strconv.ParseInt(row.Text(column), 10, 64)
		err = errors.Join(err, e)
		return n
	}
	out := Output{State: row.Text("state"), Epoch: number("epoch"), Token: row.Text("lease_token"), Attempt: int(number("attempt")),
		Agent: c.names[row.Text("agent_id")], Result: row.Text("result_id")}
	evidence, e := failures(row.Text("failures"))
	if err = errors.Join(err, e); err != nil {
		return fmt.Errorf("read job %d: %w", d.Job, err)
	}
	out.Failures, out.Post = evidence, number("summary_post_id")
	c.record(Input{Kind: Read, Job: d.Job}, out, s)
	return nil
}
