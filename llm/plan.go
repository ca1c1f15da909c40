package llm

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/chunk"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/price"
)

// Plan is what summarising a document would take, at the most: answers of full length, none of them asked for twice.
type Plan struct {
	Provider   string
	Model      string
	PriceKnown bool // else all dollars are 0
	Language   string
	Words      int
	Chunks     int
	Pages      int           // of the document
	PagesRead  []int         // Summary.PagesRead
	Embeddings string        // the model that passages are chosen by, where they are; not all vectors known: by their words in this plan
	Calls      []PlannedCall // in the order in which they depend on each other
}

// PlannedCall is one call.
type PlannedCall struct {
	Step      string // "embed", "single", "map", "reduce", "final"
	Part      int    // of a "map", from 1
	FirstPage int    // of what it reads; 0 where it reads notes
	LastPage  int
	Prompt    Prompt // of steps that read notes, with notes of full length in place of those to come
	AtMost    Charge
	InBatch   float64 // US dollars at most where questions wait for batches
	Paid      bool    // its answer is in the cache: it is not made
}

// AtMost adds up what is not paid yet.
func (p Plan) AtMost() Charge {
	sum := Charge{Provider: p.Provider, Model: p.Model}
	for _, c := range p.Calls {
		if !c.Paid {
			sum.Calls += c.AtMost.Calls
			sum.TokensIn += c.AtMost.TokensIn
			sum.TokensOut += c.AtMost.TokensOut
			sum.USD += c.AtMost.USD
		}
	}
	return sum
}

// InBatches is what is not paid yet, in US dollars at most, where questions wait for batches.
func (p Plan) InBatches() (usd float64) {
	for _, c := range p.Calls {
		if !c.Paid {
			usd += c.InBatch
		}
	}
	return usd
}

// Plan says what Summarise would do, and sends nothing: it is Summarise itself with notes of full length in place of answers. Answers
// that are in the cache (nil: none) are taken from there.
func (e *Engine) Plan(ctx context.Context, d Document, cache Cache) (Plan, error) {
	dry := &dryRun{}
	s, err := e.summarise(ctx, d, cache, nil, dry)
	if err != nil {
		return Plan{}, err
	}
	slices.SortStableFunc(dry.calls, func(a, b PlannedCall) int {
		return cmp.Or(cmp.Compare(stepOrder(a.Step), stepOrder(b.Step)), cmp.Compare(a.Part, b.Part))
	})
	return Plan{Embeddings: dry.embeddings, Provider: s.Provider, Model: s.Model, PriceKnown: e.priceKnown, Language: s.Language, Words: s.Words, Chunks: s.Chunks, Pages: max(len(d.Pages), d.Whole.Pages), PagesRead: s.PagesRead, Calls: dry.calls}, nil
}

// PlanOf is the Plan of the model behind s: of what s lets it read. ok is false where s asks no model about d.
func PlanOf(ctx context.Context, s Summariser, d Document, cache Cache) (plan Plan, ok bool, err error) {
	switch s := s.(type) {
	case *Engine:
		plan, err = s.Plan(ctx, d, cache)
		return plan, true, err
	case *private:
		d, _, model, err := s.permit(d)
		if err != nil || !model {
			return Plan{}, false, err
		}
		return PlanOf(ctx, s.Summariser, d, cache)
	}
	return Plan{}, false, nil
}

// EngineOf is the engine behind a summariser, nil where it asks no model.
func EngineOf(s Summariser) *Engine {
	switch s := s.(type) {
	case *Engine:
		return s
	case *private:
		return EngineOf(s.Summariser)
	}
	return nil
}

func stepOrder(step string) int {
	return slices.Index([]string{"embed", "single", "map", "reduce", "final"}, step)
}

// dryRun takes the place of a provider.
type dryRun struct {
	mu         sync.Mutex
	calls      []PlannedCall
	embeddings string
}

// embed notes down the call for the vectors of some passages.
func (d *dryRun) embed(p *placing, of []chunk.Chunk, excerpts []string, paid bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	in := 0
	for _, t := range excerpts {
		in += p.count(t)
	}
	d.embeddings = p.model
	d.calls = append(d.calls, PlannedCall{Step: "embed", Part: len(d.calls) + 1, FirstPage: of[0].FirstPage(), LastPage: of[len(of)-1].LastPage(),
		Prompt: Prompt{User: strings.Join(excerpts, "\n\n")}, AtMost: p.tariff.charge(price.Usage{In: in}), Paid: paid})
}

// put notes a question down and answers it.
func (d *dryRun) put(ctx context.Context, r *run, q question) (verdict, error) {
	if ctx.Err() != nil {
		return verdict{}, context.Cause(ctx)
	}
	v, paid, err := r.kept(ctx, q, r.cacheKey(q.Prompt))
	if err != nil {
		return verdict{}, err
	}
	sent := r.roomForThoughts(q).Prompt
	usage := price.Usage{In: r.promptTokens(sent), Out: sent.MaxTokens}
	call := PlannedCall{Step: q.step, Part: q.part, FirstPage: q.firstPage, LastPage: q.lastPage, Prompt: sent, Paid: paid,
		AtMost: r.tariff.charge(usage)}
	usage.Batch = inBatches(q.step)
	call.InBatch = r.tariff.price.Of(usage)
	d.mu.Lock()
	d.calls = append(d.calls, call)
	d.mu.Unlock()
	if !paid && q.notes {
		v.notes = r.filler(q.MaxTokens)
	}
	return v, nil
}

// filler is a text of about n tokens and not more.
func (e *Engine) filler(n int) string {
	const word = "notes "
	per := max(1, e.count(strings.Repeat(word, 100)))
	return strings.Repeat(word, n*100/per)
}
