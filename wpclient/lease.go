package wpclient

import (
	"context"
	"encoding/json"
	"fmt"
)

// LeaseRequest asks for work. RequestID (UUID) makes it idempotent.
type LeaseRequest struct {
	RequestID    string       `json:"request_id"`
	FreeSlots    int          `json:"free_slots"`
	Capabilities Capabilities `json:"capabilities"`
	Agent        AgentInfo    `json:"agent"`
	Note         string       `json:"note,omitempty"`
	Only         string       `json:"only,omitempty"`    // OnlyLocal, or "" for whatever the capabilities allow
	Stopped      bool         `json:"stopped,omitempty"` // the final report of a process that was asked to stop
	Erased       []int64      `json:"erased,omitempty"`  // jobs of an earlier answer's Erase that are erased; at most MaxErasures
}

// OnlyLocal asks for documents that are local only and for no others. Sites that do not know the field refuse it with CodeUnknownField.
const OnlyLocal = "local_only"

// Capabilities limit which jobs a site offers to this agent.
type Capabilities struct {
	MIMEs        []string `json:"mimes"`
	OCRLanguages []string `json:"ocr_languages"`
	MaxBytes     int64    `json:"max_bytes"`
	LocalOnly    bool     `json:"local_only,omitempty"` // this agent keeps the text of a lease so marked from remote models
	// Summariser is who writes this agent's summaries, "openai/gpt-5-mini" or "extractive". Only for a site whose answer took it.
	Summariser string `json:"summariser,omitempty"`
	// Doorbell is how this agent hears the site's doorbell. Only for a site whose answer took it.
	Doorbell *Hearing `json:"doorbell,omitempty"`
}

// TakesSummariser in LeaseResponse.Takes: the site knows Capabilities.Summariser.
const TakesSummariser = "summariser"

// LeaseResponse is the site's answer to a LeaseRequest.
type LeaseResponse struct {
	Leases      []Lease   `json:"leases"`
	NextPollMS  int64     `json:"next_poll_ms"`
	Doorbell    *Doorbell `json:"doorbell"`
	Directive   Directive `json:"directive"`
	RotateKey   bool      `json:"rotate_key"`
	ServerNowMS int64     `json:"server_now_ms"`
	Erase       []Erasure `json:"erase,omitempty"` // at most MaxErasures; told until they are acknowledged
	Takes       []string  `json:"takes,omitempty"` // optional fields of this request that the site knows and older ones refuse
	// Queue is how much waits on the site; nil where it does not say, or the plugin is too old to.
	Queue *QueueDepth `json:"queue,omitempty"`
	// Agents is how many agents the site hears of, this one among them, at most MaxAgents; 0 where it does not say: it had work to give, or is older.
	Agents int `json:"agents,omitempty"`

	Refused []RefusedLease `json:"-"` // what the answer named and Client.Lease did not let through
}

// QueueDepth is how many documents wait, for people and for what starts agents by it. A site counts no further than MaxQueueDepth.
type QueueDepth struct {
	Waiting int `json:"waiting"`
}

// MaxAgents is as far as a number of agents is believed.
const MaxAgents = 10_000

func believed(agents int) int { return min(max(agents, 0), MaxAgents) }

// MaxQueueDepth is as far as a site counts.
const MaxQueueDepth = 1000

// RefusedLease is a lease of an answer that makes no sense and must not be worked on.
type RefusedLease struct {
	Ref   LeaseRef
	Valid bool // Ref names a lease that can be given back
	Over  bool // nothing else is wrong than that its time is up: the answer to a repeated request comes late
	Err   *Error
}

// Lease is the right to work on one job. Durations count from the send time of the request
// that brought it.
type Lease struct {
	JobID         int64           `json:"job_id"`
	Epoch         int64           `json:"epoch"`
	LeaseToken    string          `json:"lease_token"`
	Attempt       int             `json:"attempt"`
	MaxAttempts   int             `json:"max_attempts"`
	TTLMS         int64           `json:"ttl_ms"`
	BeatMS        int64           `json:"beat_ms"`
	MaxRuntimeMS  int64           `json:"max_runtime_ms"`
	AttachmentID  int64           `json:"attachment_id"`
	Filename      string          `json:"filename"`
	Title         string          `json:"title"`
	MIME          string          `json:"mime"`
	Bytes         int64           `json:"bytes"`
	SHA256        string          `json:"sha256"`
	Language      string          `json:"language"`
	Source        Source          `json:"source"`
	Checkpoint    json.RawMessage `json:"checkpoint"`
	PriorFailures []PriorFailure  `json:"prior_failures"`
	TraceID       string          `json:"trace_id"`
	Pages         *PageRange      `json:"pages"`       // what of the document is to be read; nil: all of it
	Instruction   string          `json:"instruction"` // what an editor asks of this summary, one line; absent where nobody asked for anything
	LocalOnly     bool            `json:"local_only"`  // no remote model may read the text; absent from sites that mark none
	Budget        *Budget         `json:"budget"`      // nil: a site that sets none and knows none of the fields about money
	Backfill      bool            `json:"backfill"`    // nobody has just uploaded it; absent from sites that do not tell
	// MaxRetryAfterS is the longest wait for which the lease can be given back; 0: a site that does not know such waits.
	MaxRetryAfterS int64 `json:"max_retry_after_s"`
}

// PageRange is a part of a document, both pages counted from 1 and in it. Last is 0 for the document's end.
type PageRange struct {
	First int `json:"first"`
	Last  int `json:"last"`
}

// Budget is what a site allows for models under one lease; an empty one sets no cap.
type Budget struct {
	MaxUSD     *float64 `json:"max_usd"`
	MaxTokens  *int64   `json:"max_tokens"`
	RenewsInMS int64    `json:"renews_in_ms"` // when what the site has for models renews; 0: not told
}

// Spent is what models have cost under one lease, for a site that sent a Budget.
type Spent struct {
	USD    float64 `json:"usd"`
	Tokens int64   `json:"tokens"` // input and output
}

// Ref names a lease in every later write: the fencing token.
func (l Lease) Ref() LeaseRef {
	return LeaseRef{JobID: l.JobID, Epoch: l.Epoch, LeaseToken: l.LeaseToken}
}

// Source says where the document's bytes are.
type Source struct {
	Kind   string `json:"kind"` // "site", "url" or "s3"
	URL    string `json:"url,omitempty"`
	Bucket string `json:"bucket,omitempty"`
	Key    string `json:"key,omitempty"`
	Region string `json:"region,omitempty"`
}

// PriorFailure is what an earlier attempt at the same job ended with.
type PriorFailure struct {
	Agent   string `json:"agent"`
	Class   string `json:"class"`
	Code    string `json:"code"`
	Message string `json:"message"`
	AtMS    int64  `json:"at_ms"`
}

// Lease asks the site for work. The same RequestID asked again returns the same leases while they live. Leases that
// make no sense are in Refused: they are not to be worked on.
func (c *Client) Lease(ctx context.Context, req LeaseRequest) (LeaseResponse, error) {
	const op = "lease"
	if req.Capabilities.MIMEs == nil {
		req.Capabilities.MIMEs = []string{} // the site wants lists, not null
	}
	if req.Capabilities.OCRLanguages == nil {
		req.Capabilities.OCRLanguages = []string{}
	}
	var out leaseAnswer
	if err := c.post(ctx, op, "/aidoc/v1/lease", req, &out); err != nil {
		return LeaseResponse{}, err
	}
	resp := out.LeaseResponse
	resp.Leases, resp.Refused = c.checkLeases(op, out.Leases)
	resp.NextPollMS = min(max(*out.NextPollMS, 0), maxPollMS)
	resp.Directive = resp.Directive.known()
	resp.Erase = checkErasures(resp.Erase)
	if resp.Doorbell != nil && !resp.Doorbell.check() {
		resp.Doorbell = nil
	}
	if resp.Queue != nil {
		resp.Queue.Waiting = min(max(resp.Queue.Waiting, 0), MaxQueueDepth)
	}
	resp.Agents = believed(resp.Agents)
	return resp, nil
}

// checkLeases keeps what can be worked on. A lease of a shape that cannot even be read stops none of the others.
func (c *Client) checkLeases(op string, raw []json.RawMessage) (good []Lease, bad []RefusedLease) {
	good = []Lease{}
	seen := map[int64]bool{}
	for i, r := range raw {
		if i == maxLeases {
			bad = append(bad, RefusedLease{Err: c.malformed(op, fmt.Sprintf("%d leases, more than any agent asks for", len(raw)))})
			break
		}
		var l Lease
		why := "a field has the wrong type"
		if json.Unmarshal(r, &l) == nil {
			why = l.check()
		}
		ref := readRef(r)
		switch {
		case why == "" && l.TTLMS < minTTLMS:
			bad = append(bad, RefusedLease{Ref: ref, Valid: true, Over: true, Err: c.malformed(op, fmt.Sprintf("job %d: ttl_ms is %d", ref.JobID, l.TTLMS))})
		case why == "" && !seen[l.JobID]:
			seen[l.JobID] = true
			good = append(good, l)
		case why == "": // to give it back might give back the first
			bad = append(bad, RefusedLease{Ref: ref, Err: c.malformed(op, fmt.Sprintf("job %d: named twice", ref.JobID))})
		default:
			bad = append(bad, RefusedLease{Ref: ref, Valid: ref.valid(), Err: c.malformed(op, fmt.Sprintf("job %d: %s", ref.JobID, why))})
		}
	}
	return good, bad
}

// leaseAnswer is the answer before its leases are read one by one.
type leaseAnswer struct {
	LeaseResponse
	Leases     []json.RawMessage `json:"leases"`
	NextPollMS *int64            `json:"next_poll_ms"`
}

func (r *leaseAnswer) missing() string {
	return firstMissing(field{"leases", r.Leases != nil}, field{"next_poll_ms", r.NextPollMS != nil},
		field{"directive", r.Directive != ""}, field{"server_now_ms", r.ServerNowMS > 0})
}
