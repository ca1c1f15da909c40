package wpclient

import (
	"context"
	"encoding/json"
)

// EncodeResult returns the bytes of a result. They are what the outbox stores: a result sent twice is sent byte for
// byte, or the site takes the second one for another result.
func EncodeResult(r Result) ([]byte, error) {
	if r.PagesFailed == nil {
		r.PagesFailed = []int{}
	}
	body, err := encode(r)
	if err != nil {
		return nil, &Error{Op: "encode result", Kind: Invalid, Message: "the result cannot be written as JSON", Err: err}
	}
	if len(body) > maxResultBytes {
		return nil, &Error{Op: "encode result", Kind: Invalid, Code: CodeBodyTooLarge, Message: "the result is larger than the 4 MiB a site takes"}
	}
	return body, nil
}

// Result delivers the bytes that EncodeResult returned. Delivering the same bytes again is safe and answers
// "already_accepted".
func (c *Client) Result(ctx context.Context, body []byte) (ResultResponse, error) {
	answer := resultAnswer{sent: jobOf(body)}
	err := c.postBytes(ctx, "result", "/aidoc/v1/result", body, maxResultBytes, &answer)
	return answer.ResultResponse, err
}

// resultAnswer is complete where it is about the job that was sent.
type resultAnswer struct {
	ResultResponse
	sent int64
}

func (r *resultAnswer) missing() string {
	if r.JobID != r.sent {
		return "job_id"
	}
	return r.ResultResponse.missing()
}

func jobOf(result []byte) int64 {
	var ref LeaseRef
	_ = json.Unmarshal(result, &ref) // a body that is none of EncodeResult's is about no job
	return ref.JobID
}
