package wpclient

import "context"

// FailRequest reports a failed attempt.
type FailRequest struct {
	LeaseRef
	Class       string `json:"class"` // transient, permanent
	Code        string `json:"code"`
	Message     string `json:"message"`
	RetryAfterS int64  `json:"retry_after_s,omitempty"`
	Page        int    `json:"page,omitempty"`
	Spent       *Spent `json:"spent,omitempty"` // only where the lease has a Budget
}

// FailResponse tells what became of the job.
type FailResponse struct {
	State         string `json:"state"` // queued, failed
	Attempt       int    `json:"attempt"`
	MaxAttempts   int    `json:"max_attempts"`
	AvailableInMS int64  `json:"available_in_ms"`
}

const maxFailMessage = 500 // characters, by the protocol

// Fail reports that an attempt ended without a result.
func (c *Client) Fail(ctx context.Context, req FailRequest) (FailResponse, error) {
	if r := []rune(req.Message); len(r) > maxFailMessage {
		req.Message = string(r[:maxFailMessage-1]) + "…"
	}
	var out FailResponse
	err := c.post(ctx, "fail", "/aidoc/v1/fail", req, &out)
	return out, err
}

func (r *FailResponse) missing() string {
	return firstMissing(field{"state", r.State == "queued" || r.State == "failed"}, field{"max_attempts", r.MaxAttempts > 0})
}
