package wpclient

import (
	"errors"
	"log/slog"
	"time"
)

// Kind says what a caller may conclude from an Error.
type Kind string

const (
	// Transient: ask again later, with the same content. Also every answer that the site did not sign, and what it signed
	// about a request that it could not verify.
	Transient Kind = "transient"
	// Lost: the lease is no longer ours (409 aidoc_lease_lost). Stop; keep the artifacts.
	Lost Kind = "lost"
	// Cancelled: an admin cancelled the job (410).
	Cancelled Kind = "cancelled"
	// SourceChanged: the attachment was replaced or deleted since (409 aidoc_source_changed).
	SourceChanged Kind = "source_changed"
	// Conflict: another content was accepted under the same result_id (422 aidoc_result_conflict).
	Conflict Kind = "conflict"
	// Refused: key, clock, site address or token; a person has to act.
	Refused Kind = "refused"
	// Invalid: the site calls the request wrong (400): a bug or a version mismatch, repeating is useless.
	Invalid Kind = "invalid"
	// NotFound: the job or the file is gone (404).
	NotFound Kind = "not_found"
	// NotWordPress: no WordPress REST interface at this address.
	NotWordPress Kind = "not_wordpress"
	// PluginInactive: a WordPress, but without the plugin's namespace.
	PluginInactive Kind = "plugin_inactive"
	// Insecure: plain http, a TLS failure, or a redirect away from https.
	Insecure Kind = "insecure"
)

// Codes that this package finds on its own; codes beginning with "aidoc_" or "rest_" are the site's.
const (
	CodeBadAddress     = "bad_address" // the site address given is none; nothing was sent
	CodeBadToken       = "bad_token"   // the join token given is none; nothing was sent
	CodeUnreachable    = "unreachable"
	CodeTimeout        = "timeout"
	CodeTLS            = "tls"
	CodePlainHTTP      = "plain_http"
	CodeRedirect       = "redirect"
	CodeOtherOrigin    = "other_origin"    // the site is, or says that it is, at another scheme, host or port
	CodeAddress        = "address_refused" // a name leads to an address where no site of the operator's can be
	CodeTooLarge       = "answer_too_large"
	CodeTruncated      = "answer_truncated"
	CodeNotJSON        = "answer_not_json"
	CodeCompressed     = "answer_compressed"
	CodeUnsigned       = "answer_unsigned"
	CodeStrayOutput    = "answer_noisy" // something prints before or after the site's answers
	CodeKeyMismatch    = "key_mismatch" // the site, it seems, has another key under this name; nobody can prove it
	CodeRESTBlocked    = "rest_blocked"
	CodeKeyUnknown     = "aidoc_key_unknown"
	CodeKeyRevoked     = "aidoc_key_revoked"
	CodeWrongSite      = "aidoc_wrong_site"
	CodeWrongRoute     = "aidoc_wrong_route"
	CodeUnknownField   = "aidoc_unknown_field"
	CodeReplayed       = "aidoc_replayed"
	CodeTokenUsed      = "aidoc_token_used"
	CodeTokenExpired   = "aidoc_token_expired"
	CodeLeaseLost      = "aidoc_lease_lost"
	CodeCancelled      = "aidoc_cancelled"
	CodeSource         = "aidoc_source_changed"
	CodeConflict       = "aidoc_result_conflict"
	CodeJobUnknown     = "aidoc_job_unknown"
	CodeFileMissing    = "aidoc_file_missing"
	CodeNoSuchRange    = "aidoc_range_not_satisfiable"
	CodeBodyTooLarge   = "aidoc_body_too_large"
	CodeQueryRefused   = "aidoc_query_refused"
	CodeAddressRefused = "aidoc_address_refused"

	CodeKeysUnreadable    = "aidoc_keys_unreadable"
	CodePublicKeyRequired = "aidoc_public_key_required"
	CodeSiteKeyChanged    = "site_key_changed" // the answer names another signing key of the site than the one that was pinned
)

// Error is why a call did not succeed. It holds neither a secret nor a token nor any document text.
type Error struct {
	Op         string        // what was tried: "lease", "beat", "discover" …
	Kind       Kind          // what the caller may conclude
	Code       string        // the site's code, or one of this package
	Status     int           // HTTP status, 0 when no answer came
	Message    string        // one sentence: which site, what happened, what to do
	RetryAfter time.Duration // what the answer asked for, 0 when it said nothing, at most 15 minutes
	Signed     bool          // the site itself said so, about a request that it verified
	ServerNow  time.Time     // the site's clock, where it told it
	Err        error         // the cause; may be nil
}

func (e *Error) Error() string {
	if e.Code != "" {
		return e.Op + ": " + e.Message + " (" + e.Code + ")"
	}
	return e.Op + ": " + e.Message
}

func (e *Error) Unwrap() error { return e.Err }

// LogValue gives the error's fields their own keys in a structured log.
func (e *Error) LogValue() slog.Value {
	return slog.GroupValue(slog.String("op", e.Op), slog.String("kind", string(e.Kind)), slog.String("code", e.Code),
		slog.Int("status", e.Status), slog.Bool("signed", e.Signed), slog.String("message", e.Message))
}

// asError is the first *Error in err's chain, or nil.
func asError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// KindOf returns the Kind of the first *Error in err's chain, or "" when there is none.
func KindOf(err error) Kind {
	if e := asError(err); e != nil {
		return e.Kind
	}
	return ""
}

// CodeOf returns the Code of the first *Error in err's chain, or "".
func CodeOf(err error) string {
	if e := asError(err); e != nil {
		return e.Code
	}
	return ""
}

// RetryAfter returns how long the answer behind err asked to wait, 0 when it did not.
func RetryAfter(err error) time.Duration {
	if e := asError(err); e != nil {
		return e.RetryAfter
	}
	return 0
}

// IsTransient tells whether the same request may succeed later.
func IsTransient(err error) bool { return KindOf(err) == Transient }

// NeverArrived tells whether no connection to the site was made for a request: it changed nothing there.
func NeverArrived(err error) bool { return isDial(err) }

// IsLeaseOver tells whether the site itself said that work under this lease is of no use any more.
func IsLeaseOver(err error) bool {
	switch KindOf(err) {
	case Lost, Cancelled, SourceChanged, NotFound:
		return true
	}
	return false
}

// IsRefused tells whether a person has to act before the site takes requests of this key again.
func IsRefused(err error) bool { return KindOf(err) == Refused }

// Retryable tells whether the same request may succeed later; packages that know nothing of this one ask it.
func (e *Error) Retryable() bool { return e.Kind == Transient }
