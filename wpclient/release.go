package wpclient

import "context"

// ReleaseRequest gives leases back unworked.
type ReleaseRequest struct {
	Leases []LeaseRef `json:"leases"`
	Reason string     `json:"reason"`
	// Code is why the documents wait, where the site can tell its editors more of it: CodeSpendCap at a site that sent a Budget, CodeBatch
	// beside RetryAfterS. Cost is what summarising each of them takes at the most, where Code is CodeSpendCap.
	Code string `json:"code,omitempty"`
	Cost *Spent `json:"cost,omitempty"`
	// RetryAfterS only where every lease has a MaxRetryAfterS: the jobs are given to nobody for so many seconds.
	RetryAfterS int64 `json:"retry_after_s,omitempty"`
}

// CodeSpendCap says that what the site allows for models does not pay for a document.
const CodeSpendCap = "spend_cap_reached"

// CodeBatch says that the model was asked in a batch of its provider.
const CodeBatch = "batch"

// ReleaseResponse lists what was put back and what was no longer ours.
type ReleaseResponse struct {
	Released []int64 `json:"released"`
	Lost     []int64 `json:"lost"`
}

// Release gives leases back unworked; it does not count as an attempt.
func (c *Client) Release(ctx context.Context, req ReleaseRequest) (ReleaseResponse, error) {
	if req.Leases == nil {
		req.Leases = []LeaseRef{}
	}
	var out ReleaseResponse
	err := c.post(ctx, "release", "/aidoc/v1/release", req, &out)
	return out, err
}

func (r *ReleaseResponse) missing() string {
	return firstMissing(field{"released", r.Released != nil}, field{"lost", r.Lost != nil})
}
