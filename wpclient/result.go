package wpclient

import (
	"context"
	"encoding/json"
)

// Result is finished work. It must be sent again byte for byte: see Client.SendResult.
type Result struct {
	LeaseRef
	ResultID        string           `json:"result_id"`
	AttachmentID    int64            `json:"attachment_id"`
	SourceSHA256    string           `json:"source_sha256"`
	Title           string           `json:"title"`
	SummaryMarkdown string           `json:"summary_markdown"`
	SummaryBlocks   json.RawMessage  `json:"summary_blocks,omitempty"`
	Language        string           `json:"language"`
	WordCount       int              `json:"word_count"`
	Pages           int              `json:"pages"`
	PagesOCR        int              `json:"pages_ocr"`
	PagesFailed     []int            `json:"pages_failed"`
	PagesRead       *PageRange       `json:"pages_read,omitempty"` // only where the lease asked for a part of the document, and has a Budget
	Confidence      *float64         `json:"confidence"`
	PagesLow        []PageConfidence `json:"pages_low,omitempty"`    // pages recognised with little confidence; only where the lease has a Budget
	PagesVision     []int            `json:"pages_vision,omitempty"` // pages that a model read from a picture; only for a site whose last lease answer took TakesVision
	Warnings        []string         `json:"warnings,omitempty"`     // sentences about what could not be read; only for a site whose last lease answer took TakesWarnings
	Chunks          int              `json:"chunks"`
	ProcessingMS    int64            `json:"processing_ms"`
	Provider        string           `json:"provider"`
	Model           string           `json:"model"`
	PromptVersion   string           `json:"prompt_version"`
	TokensIn        int              `json:"tokens_in"`
	TokensOut       int              `json:"tokens_out"`
	TokensCached    int              `json:"tokens_cached,omitempty"` // the part of TokensIn that the provider had in its cache; only where the lease has a Budget
	CostUSD         float64          `json:"cost_usd"`
	Spent           *Spent           `json:"spent,omitempty"`      // only where the lease has a Budget
	Fallback        string           `json:"fallback,omitempty"`   // likewise: the code of what kept the model from being asked
	Claims          int              `json:"claims,omitempty"`     // likewise: statements that were looked up in the document
	Checked         int              `json:"checked,omitempty"`    // those of them that were found there
	Hidden          int              `json:"hidden,omitempty"`     // likewise: personal data that the model did not see
	Instructed      bool             `json:"instructed,omitempty"` // a model was given the lease's Instruction; only where there is one
	S3TextKey       string           `json:"s3_text_key"`
	Artifacts       Artifacts        `json:"artifacts"`
	Checkpoint      json.RawMessage  `json:"checkpoint,omitempty"` // what a retry of the failed pages may build on
	Timings         *Timings         `json:"timings,omitempty"`    // only for a site whose last lease answer took TakesTimings
	Agent           string           `json:"agent"`
	AgentVersion    string           `json:"agent_version"`
}

// Timings is how long the parts of the work under a lease took, in milliseconds; 0 for what did not happen.
type Timings struct {
	Download  int64 `json:"download_ms,omitempty"`
	Extract   int64 `json:"extract_ms,omitempty"`
	OCR       int64 `json:"ocr_ms,omitempty"`
	Summarise int64 `json:"summarise_ms,omitempty"`
	Store     int64 `json:"store_ms,omitempty"`
}

// Artifacts are object-store keys.
type Artifacts struct {
	Text    string `json:"text"`
	Pages   string `json:"pages"`
	Summary string `json:"summary"`
}

// PageConfidence is how surely a page was recognised, 0 to 1.
type PageConfidence struct {
	Page       int     `json:"page"`
	Confidence float64 `json:"confidence"`
}

// MaxPagesLow is how many pages Result.PagesLow names.
const MaxPagesLow = 100

// MaxWarnings is how many sentences Result.Warnings has.
const MaxWarnings = 8

// ResultResponse is the site's word that a result is stored.
type ResultResponse struct {
	Status  string `json:"status"` // accepted, already_accepted
	JobID   int64  `json:"job_id"`
	PostID  int64  `json:"post_id"`
	EditURL string `json:"edit_url"`
}

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

func (r *ResultResponse) missing() string {
	return firstMissing(field{"status", r.Status == "accepted" || r.Status == "already_accepted"},
		field{"job_id", r.JobID > 0}, field{"post_id", r.PostID > 0})
}
