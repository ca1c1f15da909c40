package wpclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

// Names in LeaseResponse.Takes beside TakesSummariser.
const (
	TakesResults  = "results"  // the site has the route of Client.Results
	TakesTimings  = "timings"  // it knows Result.Timings
	TakesWarnings = "warnings" // it knows Result.Warnings
	TakesVision   = "vision"   // it knows Result.PagesVision
)

// The most that one request of Client.Results holds: results, and bytes of them with their commas, beside what stands around them.
const (
	MaxResults      = 16
	MaxResultsBytes = maxResultBytes - 4096
)

// ResultOutcome is what a site says of one of several results: Err is what Client.Result would have returned for it alone.
type ResultOutcome struct {
	ResultResponse
	Err error
}

// ResultsResponse is a site's answer to several results: an outcome for each, in the order of the request.
type ResultsResponse struct {
	Outcomes  []ResultOutcome
	Directive Directive
}

// Results delivers what EncodeResult returned, several at once, to a site whose last lease answer took TakesResults.
// An error is one of the whole request and says nothing of any result.
func (c *Client) Results(ctx context.Context, bodies [][]byte, agent AgentInfo) (ResultsResponse, error) {
	const op = "results"
	req := struct {
		Results []json.RawMessage `json:"results"`
		Agent   AgentInfo         `json:"agent"`
	}{Agent: agent}
	for _, b := range bodies {
		req.Results = append(req.Results, b)
	}
	body, err := encode(req)
	if err != nil {
		return ResultsResponse{}, &Error{Op: op, Kind: Invalid, Message: "the results cannot be written as JSON", Err: err}
	}
	answer := resultsAnswer{sent: len(bodies)}
	if err := c.postBytes(ctx, op, "/aidoc/v1/results", body, maxResultBytes, &answer); err != nil {
		return ResultsResponse{}, err
	}
	out := ResultsResponse{Directive: answer.Directive.known()}
	for i, e := range answer.Results {
		out.Outcomes = append(out.Outcomes, c.resultOutcome(op, bodies[i], e))
	}
	return out, nil
}

// IsNoRoute tells whether a refusal of several results is one of the request as such: each is to be sent alone then.
func IsNoRoute(err error) bool {
	e := asError(err)
	return e != nil && slices.Contains([]int{http.StatusBadRequest, http.StatusNotFound, http.StatusRequestEntityTooLarge}, e.Status)
}

// resultsAnswer is the answer before its entries are read one by one.
type resultsAnswer struct {
	Results     []resultEntry `json:"results"`
	Directive   Directive     `json:"directive"`
	ServerNowMS int64         `json:"server_now_ms"`
	sent        int
}

type resultEntry struct {
	ResultID string          `json:"result_id"`
	Status   int             `json:"status"`
	Body     json.RawMessage `json:"body"`
}

func (r *resultsAnswer) missing() string {
	return firstMissing(field{"results", len(r.Results) == r.sent}, field{"directive", r.Directive != ""}, field{"server_now_ms", r.ServerNowMS > 0})
}

// resultOutcome reads one entry. One that is not about the result at its place says nothing of it: it is sent again.
func (c *Client) resultOutcome(op string, sent []byte, e resultEntry) ResultOutcome {
	var mine struct {
		ResultID string `json:"result_id"`
	}
	_ = json.Unmarshal(sent, &mine) // a body that is none of EncodeResult's has no id
	if e.ResultID != mine.ResultID {
		return ResultOutcome{Err: c.unusable(op, "an answer about another result stands in its place")}
	}
	if e.Status != http.StatusOK {
		var why wpError
		_ = json.Unmarshal(e.Body, &why) // without a code the status decides
		return ResultOutcome{Err: c.refusal("result", &http.Response{StatusCode: e.Status, Header: http.Header{}}, why)}
	}
	answer := resultAnswer{sent: jobOf(sent)}
	if err := decode(e.Body, &answer); err != nil {
		return ResultOutcome{Err: c.unusable(op, fmt.Sprintf("job %d: %v", answer.sent, err))}
	}
	return ResultOutcome{ResultResponse: answer.ResultResponse}
}

// unusable is an entry that says nothing of its result.
func (c *Client) unusable(op, why string) *Error {
	e := c.malformed(op, why)
	e.Kind, e.Signed = Transient, false
	return e
}
