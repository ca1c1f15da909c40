package wpclient

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// What a lease or the answer to a beat may say. A signature proves who said it, not that it makes sense: a duration of
// 10^18 ms overflows a timer, one of zero makes it spin, and a text may be meant for somebody's terminal.
const (
	minTTLMS      = 1_000
	maxTTLMS      = 24 * 3600 * 1000
	minBeatMS     = 100
	maxBeatMS     = 3600 * 1000
	maxRuntimeMS  = 7 * 24 * 3600 * 1000 // 0: the site sets no limit
	maxPollMS     = 3600 * 1000
	maxAttempts   = 1000
	maxFileBytes  = 1 << 50
	maxCheckpoint = 16 << 10
	maxPrior      = 10
	maxBudget     = 1e12
	maxAwayS      = 7 * 24 * 3600
	maxPage       = 1_000_000
	maxRenewMS    = 366 * 24 * 3600 * 1000
	maxLeases     = 64 // the most free slots there are
	maxNameBytes  = 1024
	maxTitleBytes = 4096
	maxAskedBytes = 4 * MaxInstruction
	maxURLBytes   = 8192
)

// MaxInstruction is the length of Lease.Instruction in characters.
const MaxInstruction = 500

// CodeMalformed is a part of a signed answer that says what cannot be.
const CodeMalformed = "answer_malformed"

// Bounded repetitions take the most of what compiling costs.
var (
	sha256Form   = pattern.Lazily(`\A[0-9a-f]{64}\z`)
	mimeForm     = pattern.Lazily(`\A[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\z`)
	languageForm = pattern.Lazily(`\A[A-Za-z0-9][A-Za-z0-9_-]{0,63}\z`)
	traceForm    = pattern.Lazily(`\A[A-Za-z0-9._:-]{0,128}\z`)
	wordForm     = pattern.Lazily(`\A[a-z0-9_]{0,64}\z`)
)

// refused collects what is wrong; the first reason counts.
type refused struct{ why string }

func (r *refused) unless(ok bool, format string, args ...any) {
	if !ok && r.why == "" {
		r.why = fmt.Sprintf(format, args...)
	}
}

func (r *refused) between(name string, v, low, high int64) {
	r.unless(v >= low && v <= high, "%s is %d, not %d to %d", name, v, low, high)
}

// text is one that people wrote: it is shown, so it must not steer what shows it.
func (r *refused) text(name, s string, most int) {
	r.unless(len(s) <= most, "%s is longer than %d bytes", name, most)
	r.unless(utf8.ValidString(s) && !strings.ContainsFunc(s, steers), "%s holds control characters", name)
}

// steers are control characters and the two marks that override the order of letters; those that only tell it are
// part of ordinary Arabic and Hebrew.
func steers(c rune) bool {
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= '\u2028' && c <= '\u2029') || c == '\u202d' || c == '\u202e'
}

func (r *refused) form(name, s string, form pattern.Pattern) {
	r.unless(form.MatchString(s), "%s is not in the form of the protocol", name)
}

// check returns why a lease cannot be, or "".
func (l Lease) check() string {
	var r refused
	r.unless(l.Ref().valid(), "job_id, epoch or lease_token is not one")
	r.between("ttl_ms", l.TTLMS, 0, maxTTLMS)
	r.between("beat_ms", l.BeatMS, minBeatMS, maxBeatMS)
	r.between("max_runtime_ms", l.MaxRuntimeMS, 0, maxRuntimeMS)
	r.between("attempt", int64(l.Attempt), 0, maxAttempts)
	r.between("max_attempts", int64(l.MaxAttempts), 0, maxAttempts)
	r.unless(l.AttachmentID >= 0, "attachment_id is negative")
	r.between("bytes", l.Bytes, 0, maxFileBytes)
	r.text("filename", l.Filename, maxNameBytes)
	r.text("title", l.Title, maxTitleBytes)
	r.text("instruction", l.Instruction, maxAskedBytes)
	r.unless(utf8.RuneCountInString(l.Instruction) <= MaxInstruction, "instruction is longer than %d characters", MaxInstruction)
	r.unless(l.SHA256 == "" || sha256Form.MatchString(l.SHA256), "sha256 is not in the form of the protocol")
	r.unless(l.MIME == "" || mimeForm.MatchString(l.MIME), "mime is not in the form of the protocol")
	r.unless(l.Language == "" || languageForm.MatchString(l.Language), "language is not in the form of the protocol")
	r.form("trace_id", l.TraceID, traceForm)
	r.source(l.Source)
	r.unless(isNull(l.Checkpoint) || (len(l.Checkpoint) <= maxCheckpoint && l.Checkpoint[0] == '{'), "checkpoint is no object of at most %d bytes", maxCheckpoint)
	r.prior(l.PriorFailures)
	r.budget(l.Budget)
	r.between("max_retry_after_s", l.MaxRetryAfterS, 0, maxAwayS)
	r.pages(l.Pages)
	return r.why
}

// budget: amounts of which nobody can say what they mean would stop all work, or none.
func (r *refused) budget(b *Budget) {
	if b == nil {
		return
	}
	r.unless(b.MaxUSD == nil || *b.MaxUSD >= 0 && *b.MaxUSD <= maxBudget, "budget.max_usd is not between 0 and %d", int64(maxBudget))
	r.unless(b.MaxTokens == nil || *b.MaxTokens >= 0 && *b.MaxTokens <= maxBudget, "budget.max_tokens is not between 0 and %d", int64(maxBudget))
	r.between("budget.renews_in_ms", b.RenewsInMS, 0, maxRenewMS)
}

// pages: none, or a range that holds at least one.
func (r *refused) pages(p *PageRange) {
	if p == nil {
		return
	}
	r.between("pages.first", int64(p.First), 1, maxPage)
	r.unless(p.Last == 0 || p.Last >= p.First && p.Last <= maxPage, "pages.last is %d, not 0 or %d to %d", p.Last, p.First, maxPage)
}

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// source: of a kind that is not known, the work says so to the editor (update the agent).
func (r *refused) source(s Source) {
	r.form("source.kind", s.Kind, wordForm)
	r.text("source.url", s.URL, maxURLBytes)
	r.text("source.bucket", s.Bucket, 255)
	r.text("source.key", s.Key, maxNameBytes)
	r.text("source.region", s.Region, 64)
}

func (r *refused) prior(list []PriorFailure) {
	r.unless(len(list) <= maxPrior, "prior_failures has more than %d entries", maxPrior)
	for _, f := range list[:min(len(list), maxPrior)] {
		r.text("prior_failures", f.Agent, maxNameBytes)
		r.text("prior_failures", f.Class, 64)
		r.text("prior_failures", f.Code, 64)
		r.text("prior_failures", f.Message, maxTitleBytes)
	}
}

// check returns why the state of a lease after a beat cannot be, or "".
func (b BeatLease) check() string {
	var r refused
	r.unless(b.JobID > 0 && b.Epoch > 0, "job_id or epoch is not one")
	r.form("reason", b.Reason, wordForm)
	switch b.Status {
	case "ok":
		r.between("ttl_ms", b.TTLMS, minTTLMS, maxTTLMS)
		r.between("beat_ms", b.BeatMS, minBeatMS, maxBeatMS)
	case "cancel", "lost":
	default:
		r.unless(false, "status is not one that this agent knows")
	}
	return r.why
}

func (c *Client) malformed(op, why string) *Error {
	return &Error{Op: op, Kind: Invalid, Code: CodeMalformed, Signed: true,
		Message: c.site.Host() + " sent what the protocol does not allow, and the agent leaves it alone (" + why + "): update the plugin and the agent to the same version"}
}
