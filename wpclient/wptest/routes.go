package wptest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

var fileRoute = regexp.MustCompile(`\A/aidoc/v1/jobs/([0-9]+)/file\z`)

// required are the fields that the protocol does not mark with a question mark.
var required = map[string][]string{
	"/aidoc/v1/join":    {"token", "agent"},
	"/aidoc/v1/lease":   {"request_id", "free_slots", "capabilities", "agent"},
	"/aidoc/v1/beat":    {"held"},
	"/aidoc/v1/fail":    {"job_id", "epoch", "lease_token", "class", "code", "message"},
	"/aidoc/v1/release": {"leases", "reason"},
	"/aidoc/v1/echo":    {},
	"/aidoc/v1/rotate":  {},
	"/aidoc/v1/results": {"results"},
	"/aidoc/v1/result": {"job_id", "epoch", "lease_token", "result_id", "attachment_id", "source_sha256", "title",
		"summary_markdown", "language", "word_count", "pages", "pages_ocr", "pages_failed", "confidence", "chunks",
		"processing_ms", "provider", "model", "prompt_version", "tokens_in", "tokens_out", "cost_usd", "s3_text_key",
		"artifacts", "agent", "agent_version"},
}

// dispatch runs with the lock held, after the signature is verified.
func (s *Site) dispatch(r *http.Request, route, keyID string, body []byte) answer {
	if m := fileRoute.FindStringSubmatch(route); m != nil && r.Method == http.MethodGet {
		return s.file(r, m[1])
	}
	fields, known := required[route]
	if s.old && route == "/aidoc/v1/results" {
		known = false
	}
	if !known || r.Method != http.MethodPost {
		return refuse(404, "rest_no_route", "No route was found matching the URL and request method.", nil)
	}
	if bad := missingField(body, fields); bad != "" {
		return refuse(400, "aidoc_invalid_field", "The field "+bad+" is missing.", nil)
	}
	agent := int64(0)
	if k := s.keys[keyID]; k != nil {
		agent = k.id
	} else if route != "/aidoc/v1/join" {
		return refuse(403, wpclient.CodeKeyRevoked, "A join token opens nothing but /join.", nil)
	}
	if s.demanding && strings.HasPrefix(keyID, "ak_") && route != "/aidoc/v1/echo" && route != "/aidoc/v1/rotate" {
		return demandPublicKey()
	}
	switch route {
	case "/aidoc/v1/join":
		return with(body, func(q wpclient.JoinRequest) answer { return s.join(q, keyID) })
	case "/aidoc/v1/lease":
		return with(body, func(q wpclient.LeaseRequest) answer { return s.lease(q, agent) })
	case "/aidoc/v1/beat":
		return with(body, s.renew)
	case "/aidoc/v1/result":
		return with(body, func(q wpclient.Result) answer { return s.result(q, body) })
	case "/aidoc/v1/results":
		return with(body, s.results)
	case "/aidoc/v1/fail":
		return with(body, func(q wpclient.FailRequest) answer { return s.fail(q, agent) })
	case "/aidoc/v1/release":
		return with(body, s.release)
	case "/aidoc/v1/rotate":
		return with(body, func(q wpclient.RotateRequest) answer { return s.rotateKey(q, keyID) })
	}
	return s.echo(r, route, agent)
}

// with decodes strictly, as the plugin does: a field that the protocol does not know is refused.
func with[T any](body []byte, f func(T) answer) answer {
	var v T
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&v); err != nil {
		return refuse(400, "aidoc_unknown_field", err.Error(), nil)
	}
	return f(v)
}

func missingField(body []byte, fields []string) string {
	var m map[string]json.RawMessage
	if json.Unmarshal(body, &m) != nil || m == nil {
		return "(a JSON object)"
	}
	for _, f := range fields {
		if _, ok := m[f]; !ok {
			return f
		}
	}
	return ""
}

func (s *Site) join(q wpclient.JoinRequest, tokenID string) answer {
	if q.Token != tokenID {
		return refuse(401, wpclient.CodeKeyUnknown, "The token is not the one that signed.", nil)
	}
	key, refused := s.issue("", q.PublicKey, false)
	if refused != nil {
		return *refused
	}
	s.tokens[tokenID].used = true
	s.notify()
	return reply(wpclient.JoinResponse{
		NewKey: key,
		Agent:  wpclient.AgentRef{ID: s.keys[key.KeyID].id, Name: q.Agent.Host},
		Site:   wpclient.SiteInfo{URL: s.URL(), RESTRoot: s.saidRoot(), Name: siteName, WPVersion: "6.8", PluginVersion: s.pluginVersion()},
		Limits: s.limits(),
	})
}

func (s *Site) limits() wpclient.Limits {
	return wpclient.Limits{MaxBytes: 100 << 20, TTLMS: s.ttl.Milliseconds(), BeatMS: s.beat.Milliseconds()}
}

func (s *Site) lease(q wpclient.LeaseRequest, agent int64) answer {
	if q.FreeSlots < 0 || q.FreeSlots > 64 || len(q.RequestID) != 36 {
		return refuse(400, "aidoc_invalid_field", "free_slots is 0 to 64, request_id a UUID.", nil)
	}
	if q.Only != "" && s.old || q.Only != "" && q.Only != wpclient.OnlyLocal {
		return refuse(400, wpclient.CodeUnknownField, "The request has a field that this site does not know.", nil)
	}
	if s.old && (q.Capabilities.Summariser != "" || q.Capabilities.Doorbell != nil) {
		return refuse(400, "aidoc_unknown_field", "The field capabilities.summariser is not known.", nil)
	}
	s.able = q.Capabilities
	s.notify()
	ids, again := s.requests[q.RequestID]
	directive := s.told(q.Agent)
	s.acknowledge(q.Erased)
	if q.Stopped {
		s.stops = append(s.stops, q)
		s.notify()
	}
	if !again && directive == wpclient.DirectiveRun {
		ids = s.claim(agent, q.FreeSlots, q.Capabilities, q.Only)
		s.requests[q.RequestID] = ids
		s.notify()
	}
	out := wpclient.LeaseResponse{Leases: []wpclient.Lease{}, NextPollMS: s.nextPoll.Milliseconds(), Directive: directive,
		RotateKey: s.rotate, ServerNowMS: s.now().UnixMilli(), Erase: s.erasures}
	for _, id := range ids {
		if j := s.jobs[id]; j.State == Leased && j.agent == agent {
			out.Leases = append(out.Leases, s.describe(j))
		}
	}
	if !s.old {
		out.Queue = &wpclient.QueueDepth{Waiting: s.waiting()}
		out.Takes = []string{wpclient.TakesSummariser, wpclient.TakesResults, wpclient.TakesTimings, wpclient.TakesWarnings, wpclient.TakesVision, wpclient.TakesDoorbell}
	}
	if s.bell {
		out.Doorbell = &wpclient.Doorbell{URL: s.URL() + bellPath, Now: s.bellNow()}
	}
	return reply(out)
}

// TraceOf is the trace id of a job: 32 hexadecimal digits, the same for all its leases.
func TraceOf(job int64) string { return fmt.Sprintf("%032x", 0xa1d0c000+job) }

func (s *Site) describe(j *job) wpclient.Lease {
	source := j.source
	source.URL = cmp.Or(source.URL, s.publicAddress(j))
	return wpclient.Lease{
		JobID: j.ID, Epoch: j.Epoch, LeaseToken: j.token, Attempt: j.Attempt, MaxAttempts: maxAttempts,
		TTLMS: s.ttl.Milliseconds(), BeatMS: s.beat.Milliseconds(), MaxRuntimeMS: (2 * time.Hour).Milliseconds(),
		AttachmentID: j.ID + 1000, Filename: j.name, Title: j.name, MIME: j.mime, Bytes: int64(len(j.data)), SHA256: j.sha256,
		Language: "en-US", Source: source, Checkpoint: orNull(j.checkpoint), PriorFailures: slices.Concat([]wpclient.PriorFailure{}, j.prior),
		TraceID: TraceOf(j.ID), LocalOnly: j.localOnly, Pages: j.pages, Instruction: j.instruction, Budget: s.budget,
		Backfill: j.backfill, MaxRetryAfterS: s.maxAway,
	}
}

// waiting is how many jobs nobody has.
func (s *Site) waiting() (n int) {
	for _, j := range s.jobs {
		if j.State == Queued {
			n++
		}
	}
	return n
}

func orNull(b []byte) json.RawMessage {
	if b == nil {
		return json.RawMessage("null")
	}
	return b
}

func (s *Site) renew(q wpclient.BeatRequest) answer {
	var info wpclient.AgentInfo
	if q.Agent != nil {
		info = *q.Agent
	}
	out := wpclient.BeatResponse{Leases: []wpclient.BeatLease{}, Directive: s.told(info), ServerNowMS: s.now().UnixMilli()}
	for _, h := range q.Held {
		b := wpclient.BeatLease{JobID: h.JobID, Epoch: h.Epoch, Status: "ok", TTLMS: s.ttl.Milliseconds(), BeatMS: s.beat.Milliseconds()}
		j, code := s.guard(h.LeaseRef)
		switch code {
		case "":
			if h.Spent != nil && s.budget == nil {
				return refuse(400, "aidoc_unknown_field", "Nobody asked what was spent.", nil)
			}
			j.expires = s.now().Add(s.ttl)
			j.Beats = append(j.Beats, h)
			if h.Checkpoint != nil {
				j.checkpoint = h.Checkpoint
			}
		case wpclient.CodeCancelled, wpclient.CodeSource:
			b.Status, b.Reason, b.TTLMS = "cancel", code, 0
		default:
			b.Status, b.Reason, b.TTLMS = "lost", wpclient.CodeLeaseLost, 0
			if j != nil {
				j.ToldLater = append(j.ToldLater, h)
			}
		}
		out.Leases = append(out.Leases, b)
	}
	s.notify()
	return reply(out)
}

func (s *Site) release(q wpclient.ReleaseRequest) answer {
	if (q.RetryAfterS != 0 || q.Code == wpclient.CodeBatch) && s.maxAway == 0 {
		return refuse(400, "aidoc_unknown_field", "This site knows no such wait.", nil)
	}
	if q.RetryAfterS < 0 || q.RetryAfterS > s.maxAway {
		return refuse(400, "aidoc_invalid_field", "retry_after_s is out of bounds.", nil)
	}
	out := wpclient.ReleaseResponse{Released: []int64{}, Lost: []int64{}}
	if s.budget == nil && (q.Code == wpclient.CodeSpendCap || q.Cost != nil) {
		return refuse(400, wpclient.CodeUnknownField, "Nobody asked what it costs.", nil)
	}
	for _, ref := range q.Leases {
		j, code := s.guard(ref)
		if code != "" {
			out.Lost = append(out.Lost, ref.JobID)
			continue
		}
		j.putBack()
		j.Attempt--
		j.Releases++
		j.Released = append(j.Released, q)
		if q.RetryAfterS > 0 {
			j.available = s.now().Add(time.Duration(q.RetryAfterS) * time.Second)
		}
		s.bellCount++
		out.Released = append(out.Released, ref.JobID)
	}
	s.notify()
	return reply(out)
}

// bellNow is what a site tells in a signed answer of what its doorbell holds; one of before does not.
func (s *Site) bellNow() string {
	if s.old {
		return ""
	}
	return fmt.Sprint(s.bellCount)
}

func (s *Site) echo(r *http.Request, route string, agent int64) answer {
	var names []string
	for _, n := range []string{"X-Aidoc-Route", "X-Aidoc-Site", "Content-Digest", "Signature-Input", "Signature"} {
		if r.Header.Get(n) != "" {
			names = append(names, n)
		}
	}
	sort.Strings(names)
	var bell *wpclient.Doorbell
	if s.bell && !s.old {
		bell = &wpclient.Doorbell{URL: s.URL() + bellPath, Now: s.bellNow()}
	}
	return reply(wpclient.EchoResponse{Route: route, Doorbell: bell, Method: r.Method, Site: s.URL(), RESTRoot: s.saidRoot(), Headers: names,
		Agent: wpclient.AgentRef{ID: agent, Name: "agent", Directive: s.directive}, Limits: s.limits(),
		WPVersion: "6.8", PluginVersion: s.pluginVersion(), PHPVersion: "8.2.0", ServerNowMS: s.now().UnixMilli()})
}
