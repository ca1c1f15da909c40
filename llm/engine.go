package llm

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/account"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/extractive"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/gate"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/grounding"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/tokens"
)

const (
	firstCalls         = 8 // at a time, where none are set
	defaultChunk       = 12_000
	defaultOutput      = 1_500
	defaultAttempts    = 6
	defaultCallTimeout = 3 * time.Minute
	firmerRoom         = 120 // tokens of what a question begins with when it is put once more, page marks and the like
	minChunk           = 200
)

// Engine summarises by a model: one call where the text fits, else map and reduce. It is safe
// for concurrent use; all documents share its account.
type Engine struct {
	provider   Provider
	cfg        Config
	count      tokens.Counter
	account    *account.Account
	clock      Clock
	tariff     tariff
	priceKnown bool
	output     int
	sizes      func() sizes
	keys       keyLocks
	placing    *placing // nil: passages are placed by their words
}

// sizes are counted in tokens with the model's own vocabulary, which takes a tenth of a second to load: nobody waits for it who only looks
// at the configuration or at an account.
type sizes struct {
	chunk  int // of text per call
	schema int // of the schema of a summary
}

var _ Summariser = (*Engine)(nil)

// Option changes an Engine.
type Option func(*Engine)

// WithClock replaces the clock that retries wait by.
func WithClock(c Clock) Option { return func(e *Engine) { e.clock = c } }

// roomy is a context that no prompt without a document could fill: that it leaves room for text needs no counting.
const roomy = 16_000

// New makes an engine over a provider. It refuses a configuration that leaves no room for text.
func New(p Provider, c Config, opts ...Option) (*Engine, error) {
	e := &Engine{provider: p, cfg: c, count: tokens.CounterFor(p.Name(), p.Model()), clock: systemClock{}}
	for _, o := range opts {
		o(e)
	}
	e.account = account.New(p.Name(), c.BaseURL, c.APIKey, c.calls(), e.clock)
	e.tariff = tariff{provider: p.Name(), model: p.Model(), step: StepSummary}
	e.tariff.price, e.priceKnown = c.priceOf(p.Model())
	if c.Embeddings != "" {
		e.placing = newPlacing(p, c, e.tariff.price)
	}
	e.output = min(orDefault(c.MaxOutputTokens, defaultOutput), p.ContextTokens()/3)
	e.sizes = sync.OnceValue(e.measure)
	if (p.ContextTokens() < roomy || c.ChunkTokens > 0 && c.ChunkTokens < minChunk) && e.chunk() < minChunk {
		return nil, fmt.Errorf("summary.context_tokens %d leaves no room for text: set at least 2048", p.ContextTokens())
	}
	return e, nil
}

func (e *Engine) measure() sizes {
	schema := e.count(string(summarySchema))
	return sizes{schema: schema, chunk: min(orDefault(e.cfg.ChunkTokens, defaultChunk), e.provider.ContextTokens()-e.output-e.overhead(schema))}
}

// overhead is the tokens of the longest prompt without a document.
func (e *Engine) overhead(schema int) int {
	n := 0
	for _, name := range []string{"single", "map", "reduce", "final"} {
		n = max(n, e.tokensOf(ask(name, promptArgs{sections: true, part: 1000, parts: 1000, words: 1000}).Prompt, schema))
	}
	return n + firmerRoom
}

// chunk is the tokens of document text that one call takes.
func (e *Engine) chunk() int { return e.sizes().chunk }

func orDefault(v, d int) int {
	if v > 0 {
		return v
	}
	return d
}

func (e *Engine) attempts() int { return orDefault(e.cfg.MaxAttempts, defaultAttempts) }

func (e *Engine) callTimeout() time.Duration { return e.cfg.callTimeout() }

// Name is "provider/model".
func (e *Engine) Name() string { return e.provider.Name() + "/" + e.provider.Model() }

// Account names what all calls of this engine share: provider, host, a fingerprint of the key.
func (e *Engine) Account() string { return e.account.Name }

// WatchCalls tells f how many calls may run at a time over all documents, now and whenever that changes. f must be quick.
func (e *Engine) WatchCalls(f func(calls int)) { e.account.WatchCalls(f) }

// Check asks the provider for one short answer: key, model and address work, or the error says what to do.
func (e *Engine) Check(ctx context.Context) error {
	_, err := e.check(ctx)
	return err
}

// probePrompt asks for next to nothing. Any answer will do: a reasoning model may spend its tokens on thought.
var probePrompt = Prompt{System: "You test a connection.", User: "Answer with the word ok.", MaxTokens: 64}

func (e *Engine) check(ctx context.Context) (Completion, error) {
	ctx, cancel := context.WithTimeout(ctx, e.callTimeout())
	defer cancel()
	return e.provider.Complete(withHeaders(ctx, e.account.Observe), probePrompt)
}

// run is the work on one document.
type run struct {
	*Engine
	base     context.Context // the document's; a group of steps may have a shorter one
	cache    Cache
	spend    tally
	ledger   Ledger
	dry      *dryRun // where nothing is to be sent; else nil
	language string  // of the summary
	style    Style
	redacted bool
	whole    bool // no passages are chosen: the whole document is planned
	done     atomic.Int64
	total    atomic.Int64
	report   func(done, total int)
	serial   chan struct{}
	own      bool                    // the language is the document's, not one that was set
	taken    []string                // languages that an answer may be in; none: any
	voted    func() string           // gate.Asked.Voted
	index    func() *grounding.Index // of the document's words; made when it is first needed
	cut      atomic.Bool             // an answer that went into the summary lacks its end
	batch    Deferrer                // where questions wait for a batch; nil: nowhere
	deferred atomic.Int64            // questions that do
}

// Summarise implements Summariser.
func (e *Engine) Summarise(ctx context.Context, d Document, cache Cache, progress func(done, total int)) (Summary, error) {
	return e.summarise(ctx, d, cache, progress, nil)
}

func (e *Engine) summarise(ctx context.Context, d Document, cache Cache, progress func(done, total int), dry *dryRun) (Summary, error) {
	start := e.clock.Now()
	words := d.words()
	if words == 0 {
		return Summary{}, &Error{Code: CodeNoText, Message: "the document holds no text; if it is a scan, install the OCR language it is written in"}
	}
	if err := d.Style.Validate(); err != nil {
		return Summary{}, &Error{Code: CodeBadRequest, Message: err.Error()}
	}
	// A hint names the site's language as often as the document's: a summary is asked for in the language that the text shows.
	detected := prose.Language(d.Pages, "")
	r := e.newRun(ctx, d, detected)
	r.cache, r.report, r.dry = cache, progress, dry
	if _, ok := e.provider.(batchProvider); ok {
		r.batch = d.Batch
	}
	toRead, read, err := r.affordable(ctx, d)
	if err != nil {
		return Summary{}, err
	}
	looked, chunks, err := r.document(ctx, toRead, words)
	if err != nil {
		return Summary{}, err
	}
	s := Summary{PagesRead: read, Language: cmp.Or(detected, d.Language), Words: words, Chunks: chunks, Provider: e.provider.Name(), Model: e.provider.Model()}
	if dry != nil {
		return s, nil
	}
	if err := r.present(&s, looked, d); err != nil {
		return Summary{}, err
	}
	r.spend.into(&s)
	s.Duration = e.clock.Now().Sub(start)
	return s, nil
}

// newRun begins the work on a document whose text shows the language detected ("" where none).
func (e *Engine) newRun(ctx context.Context, d Document, detected string) *run {
	wanted := cmp.Or(d.Style.Language, e.cfg.Language)
	r := &run{Engine: e, base: ctx, serial: make(chan struct{}, 1), style: d.Style, redacted: d.redacted, ledger: d.Ledger,
		language: cmp.Or(wanted, detected), own: wanted == ""}
	if r.ledger == nil {
		r.ledger = &runLedger{budget: e.cfg.Budget}
	}
	r.index = sync.OnceValue(func() *grounding.Index { return grounding.New(d.Pages, cmp.Or(detected, d.Language)) })
	switch {
	case wanted != "":
		r.taken = []string{wanted}
	case detected != "":
		r.taken, r.voted = []string{detected}, sync.OnceValue(func() string { return votedLanguage(d.Pages) })
	}
	return r
}

// present puts a looked-up answer into the form in which people read it, with what they must know of how it came about.
func (r *run) present(s *Summary, looked grounded, d Document) error {
	answer := looked.answer
	answer.title = prose.TidyTitle(markdown.TameText(answer.title))
	answer.blocks = markdown.Tame(append(answer.blocks, entityBlocks(answer.entities, r.language)...))
	if !answer.usable() {
		return r.nothingFound()
	}
	if looked.doubtful() {
		answer.title = ""
		answer.blocks = append([]Block{remark(label(r.language, "doubtful"))}, answer.blocks...)
	}
	if s.PagesRead != nil {
		answer.blocks = append(answer.blocks, d.partlyRead(r.language, s.PagesRead))
	}
	if r.cut.Load() {
		answer.blocks = append(answer.blocks, remark(label(r.language, "cut")))
	}
	s.Title = answer.title
	if s.Title == "" {
		s.Title = extractive.Title(d.Pages, d.Title, d.Filename)
	}
	s.Markdown, s.Blocks, s.Entities = markdown.Write(answer.blocks), linkPages(answer.blocks, d.Pages), answer.entities
	s.Checked, s.Claims, s.PromptVersion = looked.found, looked.claims, PromptVersion
	return nil
}

// votingPages is how many pages are asked what language a document is in.
const votingPages = 12

// votedLanguage is what most sentences of some pages are in. Where it is not what the text was detected to be, an answer may be in either;
// where it cannot tell, in any: nobody is refused by a guess.
func votedLanguage(pages []Page) string {
	var lines []string
	for i := 0; i < len(pages); i += 1 + len(pages)/votingPages {
		for _, para := range strings.Split(prose.Clip(pages[i].Text, 4000), "\n\n") {
			lines = append(lines, prose.Sentences(prose.OneLine(para))...)
		}
	}
	return gate.LanguageOf(lines)
}

// grow and finish keep the caller's progress; calls to report never overlap.
func (r *run) grow(n int) { r.total.Add(int64(n)); r.tell() }
func (r *run) finish()    { r.done.Add(1); r.tell() }

func (r *run) tell() {
	if r.report == nil {
		return
	}
	r.serial <- struct{}{}
	r.report(int(r.done.Load()), int(r.total.Load()))
	<-r.serial
}
