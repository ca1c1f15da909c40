package wptest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

var guardStatus = map[string]int{
	wpclient.CodeJobUnknown: 404, wpclient.CodeCancelled: 410, wpclient.CodeSource: 409, wpclient.CodeLeaseLost: 409,
}

func refuseLease(code string) answer {
	return refuse(guardStatus[code], code, "The lease does not allow this any more.", nil)
}

func (s *Site) result(q wpclient.Result, body []byte) answer {
	if j := s.jobs[q.JobID]; j != nil && j.State == Done && j.Result.ResultID == q.ResultID {
		if !bytes.Equal(j.ResultBody, body) {
			return refuse(422, wpclient.CodeConflict, "Another content was accepted under this result_id.", nil)
		}
		j.Accepted++
		s.notify()
		return reply(s.accepted("already_accepted", j))
	}
	if s.old && (q.Timings != nil || q.Warnings != nil || q.PagesVision != nil) {
		return refuse(400, "aidoc_unknown_field", "An older site knows no timings and no warnings.", nil)
	}
	if s.budget == nil && (q.Spent != nil || q.Fallback != "" || q.Claims+q.Checked+q.Hidden+len(q.PagesLow) > 0) {
		return refuse(400, "aidoc_unknown_field", "An older site knows none of these fields.", nil)
	}
	j, code := s.guard(q.LeaseRef)
	if code != "" {
		return refuseLease(code)
	}
	if q.Instructed && j.instruction == "" {
		return refuse(400, "aidoc_unknown_field", "Nobody asked for anything.", nil)
	}
	if q.AttachmentID != j.ID+1000 || (j.sha256 != "" && q.SourceSHA256 != j.sha256) {
		return refuse(409, wpclient.CodeSource, "The result is about another file.", nil)
	}
	if j.PostID == 0 { // one document, one post, whatever is retried
		s.nextID++
		j.PostID = s.nextID
	}
	j.State, j.Result, j.ResultBody, j.checkpoint = Done, &q, bytes.Clone(body), q.Checkpoint
	j.Accepted++
	s.notify()
	return reply(s.accepted("accepted", j))
}

// results answers each entry as /result would alone.
func (s *Site) results(q struct {
	Results []json.RawMessage  `json:"results"`
	Agent   wpclient.AgentInfo `json:"agent"`
}) answer {
	if len(q.Results) < 1 || len(q.Results) > 16 {
		return refuse(400, "aidoc_invalid_field", "results has 1 to 16 entries.", nil)
	}
	type entry struct {
		ResultID string          `json:"result_id"`
		Status   int             `json:"status"`
		Body     json.RawMessage `json:"body"`
	}
	out := struct {
		Results     []entry            `json:"results"`
		Directive   wpclient.Directive `json:"directive"`
		ServerNowMS int64              `json:"server_now_ms"`
	}{Directive: s.told(q.Agent), ServerNowMS: s.now().UnixMilli()}
	for i, raw := range q.Results {
		var id struct {
			ResultID string `json:"result_id"`
		}
		_ = json.Unmarshal(raw, &id)
		a := refuse(503, "aidoc_unavailable", "The database failed.", nil)
		if s.entryFault == nil || !s.entryFault(i) {
			a = s.oneResult(raw)
		}
		out.Results = append(out.Results, entry{id.ResultID, a.status, a.body})
	}
	return reply(out)
}

func (s *Site) oneResult(body []byte) answer {
	if bad := missingField(body, required["/aidoc/v1/result"]); bad != "" {
		return refuse(400, "aidoc_invalid_field", "The field "+bad+" is missing.", nil)
	}
	return with(body, func(q wpclient.Result) answer { return s.result(q, body) })
}

// FailEntries makes the site answer 503 to those results of a batch, counted from 0, for which f says so; nil ends it.
func (s *Site) FailEntries(f func(i int) bool) { s.change(func() { s.entryFault = f }) }

func (s *Site) accepted(status string, j *job) wpclient.ResultResponse {
	return wpclient.ResultResponse{Status: status, JobID: j.ID, PostID: j.PostID,
		EditURL: fmt.Sprintf("%s/wp-admin/post.php?post=%d&action=edit", s.URL(), j.PostID)}
}

// backoff is the pause after a transient failure, by attempt.
var backoff = []time.Duration{30 * time.Second, 2 * time.Minute, 10 * time.Minute}

func (s *Site) fail(q wpclient.FailRequest, agent int64) answer {
	if q.Class != "transient" && q.Class != "permanent" {
		return refuse(400, "aidoc_invalid_field", "class is transient or permanent.", nil)
	}
	if s.budget == nil && q.Spent != nil {
		return refuse(400, "aidoc_unknown_field", "Nobody asked what was spent.", nil)
	}
	j, code := s.guard(q.LeaseRef)
	if code != "" {
		return refuseLease(code)
	}
	j.Failures = append(j.Failures, q)
	class := q.Class
	if q.Code == crashCode {
		class = "crash"
	}
	j.prior = append(j.prior, wpclient.PriorFailure{Agent: fmt.Sprint(agent), Class: class, Code: q.Code, Message: q.Message, AtMS: s.now().UnixMilli()})
	out := wpclient.FailResponse{State: Failed, Attempt: j.Attempt, MaxAttempts: maxAttempts}
	j.putBack()
	if q.Code == crashCode {
		return reply(s.crashed(j))
	}
	j.State = Failed
	if q.Class == "transient" && j.Attempt < maxAttempts {
		wait := max(backoff[min(j.Attempt, len(backoff))-1], time.Duration(q.RetryAfterS)*time.Second)
		j.State, j.available = Queued, s.now().Add(wait)
		out.State, out.AvailableInMS = Queued, wait.Milliseconds()
	}
	s.notify()
	return reply(out)
}

// crashCode hands back what an earlier process of an agent held when it ended.
const crashCode = "agent_crashed"

// crashed counts a reported crash of job j, which is back in the queue: two on different agents or three on one are
// the document's fault, any other is tried again at once.
func (s *Site) crashed(j *job) wpclient.FailResponse {
	j.Crashes++
	by, worst := map[string]int{}, 0
	for _, f := range j.prior {
		if f.Class == "crash" {
			by[f.Agent]++
			worst = max(worst, by[f.Agent])
		}
	}
	if len(by) >= 2 || worst >= 3 || j.Attempt >= maxAttempts {
		j.State = Failed
	} else {
		s.bellCount++
	}
	s.notify()
	return wpclient.FailResponse{State: j.State, Attempt: j.Attempt, MaxAttempts: maxAttempts}
}
