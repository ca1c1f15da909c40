// Package llm turns the pages of a document into a summary: it cuts the text into chunks on
// sentence and heading borders, summarises the chunks concurrently and reduces the partial
// summaries hierarchically, so that no call in a chain waits for more than a few others.
//
// What a model returns is untrusted text: it is parsed into Blocks, never passed on as HTML.
package llm

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Page is the text of one page; Number starts at 1.
type Page = prose.Page

// Block is one block of a summary: see docs/protocol.md, section 7.
type Block = markdown.Block

// Run is a piece of a block's text with its emphasis.
type Run = markdown.Run

// Document is what gets summarised.
type Document struct {
	Title    string // as the site or the file's metadata gives it; may be empty
	Filename string
	Language string // BCP 47 hint, may be empty
	Pages    []Page
	Whole    Whole  // where Pages are a part of the document: it is too long
	Style    Style  // what the operator wants of summaries of such documents
	Ledger   Ledger // allows and books each call; nil: Config.Budget of this run alone
	// Batch keeps questions for a batch, where the provider has such; nil: all are asked directly. What waits ends Summarise with a
	// *DeferredError.
	Batch Deferrer

	// LocalOnly: the text must not leave what the operator trusts; Private holds to it.
	LocalOnly bool
	// redacted: personal data was replaced by placeholders, which prompts explain.
	redacted bool
}

// Whole is what there is to a document of which only a part is given. Zero where all of it is.
type Whole struct{ Pages, Words int }

// CountWords counts words by Unicode's segmentation.
func CountWords(text string) int { return prose.CountWords(text) }

// Summary is the outcome. Markdown and Blocks hold the same content.
type Summary struct {
	Title    string // a short human title for the document
	Markdown string
	Blocks   []Block
	Language string // BCP 47 of the document as detected, or ""
	Words    int    // words in the source text (Unicode word segmentation)
	Chunks   int
	// PagesRead are the numbers of the pages that the summary is of, where it could not be paid to have them all read, or Document.Pages are a
	// part of the document; else nil.
	PagesRead []int
	// Claims is how many statements of the summary can be looked up in the document, Checked how many of them were found there.
	Checked, Claims int
	Entities        Entities
	Provider        string // "extractive", "openai", "anthropic"
	Model           string
	PromptVersion   string
	TokensIn        int // tokens billed in this run; cached steps cost nothing
	TokensCached    int // the part of TokensIn that the provider had in its cache
	TokensOut       int
	CostUSD         float64 // 0 where the price is not known
	Calls           int     // model calls made
	CachedCalls     int     // steps taken from the cache
	Duration        time.Duration
	Hidden          int // different personal data that the model did not see: Privacy.Redact
}

// Completion is one finished paid step, as the cache keeps it.
type Completion struct {
	Text      string `json:"text"`
	TokensIn  int    `json:"tokens_in"`
	TokensOut int    `json:"tokens_out"`

	TokensCached int `json:"-"` // the part of TokensIn that the provider had in its cache

	Stop       Stop `json:"-"`
	Thought    bool `json:"-"` // the model thought in a field of its own
	Structured bool `json:"-"` // the answer was asked for with Prompt.Structured
}

// Stop is why a model ended its answer.
type Stop int

// Why answers end.
const (
	StopDone    Stop = iota // it was done
	StopLength              // Prompt.MaxTokens were used up
	StopRefused             // the API marks the text as a refusal
)

// Cache keeps finished steps so that none is paid twice. Keys are content addresses (prompt
// version, model, parameters and input text hashed). Put must be durable when it returns.
type Cache interface {
	Get(ctx context.Context, key string) (Completion, bool, error)
	Put(ctx context.Context, key string, c Completion) error
}

// Provider is one way to complete a prompt.
type Provider interface {
	Name() string
	Model() string
	// Complete runs one prompt. Errors are *Error with explicit retryability; Complete itself retries nothing. What the model wrote is
	// returned as it is, also where it is empty, cut off or a refusal: the gate decides about it.
	Complete(ctx context.Context, p Prompt) (Completion, error)
	// ContextTokens is the number of tokens that prompt and answer may have together.
	ContextTokens() int
}

// Prompt is one request to a model.
type Prompt struct {
	System      string
	User        string
	MaxTokens   int         // of the answer, thoughts included
	ThinkLittle bool        // a model that thinks first may do less of it
	Structured  *Structured // nil: free text
	Picture     []byte      // a JPEG that is shown before User; nil: none

	long   string // a part of User, and of Structured.User: the document's text, that its tokens are counted once
	tokens int    // of long; 0: not known
}

// Structured is the same request for servers that make an answer follow a schema. A provider whose server cannot uses Prompt.User.
type Structured struct {
	Name   string
	User   string
	Schema json.RawMessage // JSON Schema, in the subset that OpenAI calls strict
}

// Summariser produces summaries. It is safe for concurrent use.
type Summariser interface {
	// Summarise returns the summary of d. progress may be nil; it is called with the steps
	// done and the steps known so far.
	Summarise(ctx context.Context, d Document, cache Cache, progress func(done, total int)) (Summary, error)
	// Name is "extractive" or "provider/model".
	Name() string
}
