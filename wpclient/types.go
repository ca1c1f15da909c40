package wpclient

import "encoding/json"

// The wire types of docs/protocol.md, section 4 and 7. Field names are the protocol's.

// AgentInfo tells a site about the machine that asks.
type AgentInfo struct {
	Name    string `json:"name,omitempty"`
	Version string `json:"version"`
	Host    string `json:"host"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
	Slots   int    `json:"slots,omitempty"`
	// UptimeMS is for how long this process runs, the time its machine slept included; 0 where it is not told. An order to
	// stop is for the processes that were running when it was given.
	UptimeMS int64 `json:"uptime_ms,omitempty"`
}

// Capabilities limit which jobs a site offers to this agent.
type Capabilities struct {
	MIMEs        []string `json:"mimes"`
	OCRLanguages []string `json:"ocr_languages"`
	MaxBytes     int64    `json:"max_bytes"`
}

// LeaseRequest asks for work. RequestID (UUID) makes it idempotent.
type LeaseRequest struct {
	RequestID    string       `json:"request_id"`
	FreeSlots    int          `json:"free_slots"`
	Capabilities Capabilities `json:"capabilities"`
	Agent        AgentInfo    `json:"agent"`
	Note         string       `json:"note,omitempty"`
	Stopped      bool         `json:"stopped,omitempty"` // the last words of a process that was asked to stop
}

// LeaseResponse is the site's answer to a LeaseRequest.
type LeaseResponse struct {
	Leases      []Lease   `json:"leases"`
	NextPollMS  int64     `json:"next_poll_ms"`
	Doorbell    *Doorbell `json:"doorbell"`
	Directive   Directive `json:"directive"`
	RotateKey   bool      `json:"rotate_key"`
	ServerNowMS int64     `json:"server_now_ms"`

	Refused []RefusedLease `json:"-"` // what the answer named and Client.Lease did not let through
}

// Doorbell is a static file that changes when there may be work.
type Doorbell struct {
	URL string `json:"url"`
}

// Directive is what the admin wants this agent to do. One that an agent does not know means pause.
type Directive string

const (
	DirectiveRun   Directive = "run"
	DirectivePause Directive = "pause"
	DirectiveDrain Directive = "drain"
	DirectiveStop  Directive = "stop"
)

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
}

// Ref names a lease in every later write: the fencing token.
func (l Lease) Ref() LeaseRef {
	return LeaseRef{JobID: l.JobID, Epoch: l.Epoch, LeaseToken: l.LeaseToken}
}

// LeaseRef is the fencing token of one lease.
type LeaseRef struct {
	JobID      int64  `json:"job_id"`
	Epoch      int64  `json:"epoch"`
	LeaseToken string `json:"lease_token"`
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

// Held is the progress of one lease in a beat.
type Held struct {
	LeaseRef
	Phase      string          `json:"phase"` // download extract ocr summarise store report
	Done       int             `json:"done"`
	Total      int             `json:"total"`
	Note       string          `json:"note,omitempty"`
	Checkpoint json.RawMessage `json:"checkpoint,omitempty"`
}

// BeatRequest renews all leases an agent holds on a site.
type BeatRequest struct {
	Held  []Held     `json:"held"`
	Agent *AgentInfo `json:"agent,omitempty"`
}

// BeatResponse answers a BeatRequest, lease by lease.
type BeatResponse struct {
	Leases      []BeatLease `json:"leases"`
	Directive   Directive   `json:"directive"`
	ServerNowMS int64       `json:"server_now_ms"`

	Refused []error `json:"-"` // what is wrong with those of the answer that are not in Leases
}

// BeatLease is the state of one lease after a beat.
type BeatLease struct {
	JobID  int64  `json:"job_id"`
	Epoch  int64  `json:"epoch"`
	Status string `json:"status"` // ok, cancel, lost
	TTLMS  int64  `json:"ttl_ms"`
	BeatMS int64  `json:"beat_ms"`
	Reason string `json:"reason,omitempty"` // aidoc_lease_lost, aidoc_cancelled, aidoc_source_changed
}

// Result is finished work. It must be sent again byte for byte: see Client.SendResult.
type Result struct {
	LeaseRef
	ResultID        string          `json:"result_id"`
	AttachmentID    int64           `json:"attachment_id"`
	SourceSHA256    string          `json:"source_sha256"`
	Title           string          `json:"title"`
	SummaryMarkdown string          `json:"summary_markdown"`
	SummaryBlocks   json.RawMessage `json:"summary_blocks,omitempty"`
	Language        string          `json:"language"`
	WordCount       int             `json:"word_count"`
	Pages           int             `json:"pages"`
	PagesOCR        int             `json:"pages_ocr"`
	PagesFailed     []int           `json:"pages_failed"`
	Confidence      *float64        `json:"confidence"`
	Chunks          int             `json:"chunks"`
	ProcessingMS    int64           `json:"processing_ms"`
	Provider        string          `json:"provider"`
	Model           string          `json:"model"`
	PromptVersion   string          `json:"prompt_version"`
	TokensIn        int             `json:"tokens_in"`
	TokensOut       int             `json:"tokens_out"`
	CostUSD         float64         `json:"cost_usd"`
	S3TextKey       string          `json:"s3_text_key"`
	Artifacts       Artifacts       `json:"artifacts"`
	Checkpoint      json.RawMessage `json:"checkpoint,omitempty"` // what a retry of the failed pages may build on
	Agent           string          `json:"agent"`
	AgentVersion    string          `json:"agent_version"`
}

// Artifacts are object-store keys.
type Artifacts struct {
	Text    string `json:"text"`
	Pages   string `json:"pages"`
	Summary string `json:"summary"`
}

// ResultResponse is the site's word that a result is stored.
type ResultResponse struct {
	Status  string `json:"status"` // accepted, already_accepted
	JobID   int64  `json:"job_id"`
	PostID  int64  `json:"post_id"`
	EditURL string `json:"edit_url"`
}

// FailRequest reports a failed attempt.
type FailRequest struct {
	LeaseRef
	Class       string `json:"class"` // transient, permanent
	Code        string `json:"code"`
	Message     string `json:"message"`
	RetryAfterS int64  `json:"retry_after_s,omitempty"`
	Page        int    `json:"page,omitempty"`
}

// FailResponse tells what became of the job.
type FailResponse struct {
	State         string `json:"state"` // queued, failed
	Attempt       int    `json:"attempt"`
	MaxAttempts   int    `json:"max_attempts"`
	AvailableInMS int64  `json:"available_in_ms"`
}

// ReleaseRequest gives leases back unworked.
type ReleaseRequest struct {
	Leases []LeaseRef `json:"leases"`
	Reason string     `json:"reason"`
}

// ReleaseResponse lists what was put back and what was no longer ours.
type ReleaseResponse struct {
	Released []int64 `json:"released"`
	Lost     []int64 `json:"lost"`
}

// JoinRequest trades a one-time token for a key.
type JoinRequest struct {
	Token     string    `json:"token"` // the token's id only
	Agent     AgentInfo `json:"agent"`
	PublicKey string    `json:"public_key,omitempty"` // base64 of 32 bytes: asks for an identity by public key
}

// JoinResponse brings the key.
type JoinResponse struct {
	NewKey
	Agent  AgentRef `json:"agent"`
	Site   SiteInfo `json:"site"`
	Limits Limits   `json:"limits"`
}

// AgentRef is the site's record of an agent.
type AgentRef struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Directive Directive `json:"directive,omitempty"`
}

// SiteInfo describes a site.
type SiteInfo struct {
	URL           string `json:"url"`
	RESTRoot      string `json:"rest_root"`
	Name          string `json:"name"`
	WPVersion     string `json:"wp_version"`
	PluginVersion string `json:"plugin_version"`
}

// Limits are the site's.
type Limits struct {
	MaxBytes int64 `json:"max_bytes"`
	TTLMS    int64 `json:"ttl_ms"`
	BeatMS   int64 `json:"beat_ms"`
}

// EchoResponse is what the site saw of a request.
type EchoResponse struct {
	Route         string   `json:"route"`
	Method        string   `json:"method"`
	Site          string   `json:"site"`
	RESTRoot      string   `json:"rest_root"`
	Headers       []string `json:"headers"`
	Agent         AgentRef `json:"agent"`
	Limits        Limits   `json:"limits"`
	WPVersion     string   `json:"wp_version"`
	PluginVersion string   `json:"plugin_version"`
	PHPVersion    string   `json:"php_version"`
	ServerNowMS   int64    `json:"server_now_ms"`
}

// RotateResponse brings a second key; the first dies when this one is used.
type RotateResponse struct {
	NewKey
}

// RotateRequest asks for a second key.
type RotateRequest struct {
	PublicKey string `json:"public_key,omitempty"`
}

// NewKey is what the answers that bring a key have in common: a secret, or the key that the site signs with.
type NewKey struct {
	KeyID   string       `json:"key_id"`
	Secret  string       `json:"secret,omitempty"` // base64 of 64 bytes
	SiteKey *SiteKeyInfo `json:"site_key,omitempty"`

	private Secret // the half that was not offered
}

// SiteKeyInfo is a site's signing key as it travels.
type SiteKeyInfo struct {
	KeyID     string `json:"key_id"`
	PublicKey string `json:"public_key"` // base64 of 32 bytes
}
