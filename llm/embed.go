package llm

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/chunk"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/price"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/selection"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/tokens"
)

const (
	placingShare = 0.2 // of a document's cap, at the most, for finding out which of its passages to read
	leastExcerpt = 24  // tokens: less of a passage does not tell what it is about
	placingBatch = 64  // passages in one call: 77,000 tokens at the most, far from what servers take
	vectorsForm  = "vectors-1"
)

// placing is how passages are placed by a model of embeddings.
type placing struct {
	model    string
	embedder Embedder // nil where the provider is none
	tariff   tariff
	count    tokens.Counter
	log      *slog.Logger
	warnOnce sync.Once
}

// newPlacing prices embeddings at the model's own input where their price is not known: none costs more, and caps hold.
func newPlacing(p Provider, c Config, fallback Price) *placing {
	cost, known := c.priceOf(c.Embeddings)
	if !known {
		cost = Price{In: fallback.In}
	}
	pl := &placing{model: c.Embeddings, tariff: tariff{provider: p.Name(), model: c.Embeddings, step: StepEmbeddings, price: cost}, count: tokens.CounterFor(p.Name(), c.Embeddings), log: c.Log}
	pl.embedder, _ = p.(Embedder)
	if pl.log == nil {
		pl.log = slog.New(slog.DiscardHandler)
	}
	return pl
}

// CheckEmbeddings asks for one vector; nil where none are wanted.
func (e *Engine) CheckEmbeddings(ctx context.Context) error {
	if e.placing == nil {
		return nil
	}
	if e.placing.embedder == nil {
		return ErrNoEmbeddings
	}
	ctx, cancel := context.WithTimeout(ctx, e.callTimeout())
	defer cancel()
	_, _, err := e.placing.embedder.Embed(ctx, e.placing.model, []string{"ok"})
	return err
}

// warn says once what every document over its cap would meet.
func (p *placing) warn(why string) {
	p.warnOnce.Do(func() {
		p.log.Warn("passages of documents over their cap are chosen by their words, not by embeddings", "model", p.model, "reason", why)
	})
}

// space places the passages of a document, and says how much of limit is left for reading them. That depends on nothing that passes: a retry
// must choose the same passages, or it would pay for others.
func (r *run) space(ctx context.Context, passages []chunk.Chunk, texts []string, limit Budget) (selection.Space, Budget, error) {
	byWords := func() selection.Space { return selection.ByWords(texts, r.language) }
	if r.placing == nil {
		return byWords(), limit, nil
	}
	excerpts, cost := r.placing.excerpts(texts, limit)
	if excerpts == nil {
		r.placing.warn("a fifth of the cap does not pay for them")
		return byWords(), limit, nil
	}
	vectors, err := r.vectors(ctx, passages, excerpts)
	switch {
	case err != nil && !r.goesOn(ctx, err):
		return selection.Space{}, limit, err
	case err != nil:
		r.placing.warn(err.Error())
	case vectors != nil:
		return selection.ByEmbeddings(vectors), limit.Less(cost), nil
	}
	return byWords(), limit.Less(cost), nil
}

// goesOn says that a document is summarised without embeddings: not where it was cancelled, where a cap forbids the call, and where the
// account serves nobody.
func (r *run) goesOn(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	var e *Error
	return errors.Is(err, ErrNoEmbeddings) || errors.As(err, &e) && e.Retryable && !e.Account && e.Code != CodeSpendCap
}

// excerpts are the beginnings of passages, as long as their share of the cap pays for, and what all calls cost; nil where that is too little.
func (p *placing) excerpts(texts []string, limit Budget) ([]string, Charge) {
	sizes, total := make([]int, len(texts)), 0
	for i, t := range texts {
		sizes[i] = p.count(t)
		total += sizes[i]
	}
	share := Budget{MaxTokens: int(placingShare * float64(limit.MaxTokens)), MaxUSD: placingShare * limit.MaxUSD}
	part := share.share(p.tariff.charge(price.Usage{In: total}))
	if part*float64(total) < float64(leastExcerpt*len(texts)) && part < 1 {
		return nil, Charge{}
	}
	out, sum := make([]string, len(texts)), 0
	for i, t := range texts {
		out[i] = shorten(t, int(part*float64(sizes[i])), p.count)
		sum += p.count(out[i])
	}
	return out, p.tariff.charge(price.Usage{In: sum})
}

// vectors are those of all excerpts; nil where nothing is to be sent and not all of them are paid for.
func (r *run) vectors(ctx context.Context, passages []chunk.Chunk, excerpts []string) ([][]float32, error) {
	out := make([][]float32, len(excerpts))
	complete := true
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(r.cfg.calls().Most)
	for from := 0; from < len(excerpts); from += placingBatch {
		to := min(from+placingBatch, len(excerpts))
		if r.dry != nil {
			v, ok, err := r.keptVectors(ctx, excerpts[from:to])
			if err != nil {
				return nil, err
			}
			copy(out[from:], v)
			complete = complete && ok
			r.dry.embed(r.placing, passages[from:to], excerpts[from:to], ok)
			continue
		}
		g.Go(func() error {
			v, err := r.embed(gctx, excerpts[from:to])
			copy(out[from:to], v)
			return err
		})
	}
	if err := g.Wait(); err != nil || !complete {
		return nil, err
	}
	return out, sameLength(out)
}

func sameLength(vectors [][]float32) error {
	for _, v := range vectors {
		if len(v) != len(vectors[0]) {
			return fmt.Errorf("%w: vectors of different lengths", ErrNoEmbeddings)
		}
	}
	return nil
}

// embed asks for the vectors of one batch, each batch once: like every paid answer they are kept.
func (r *run) embed(ctx context.Context, texts []string) ([][]float32, error) {
	key := r.vectorsKey(texts)
	unlock, err := r.keys.lock(ctx, key)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if v, ok, err := r.keptVectors(ctx, texts); ok || err != nil {
		r.spend.hit()
		return v, err
	}
	if r.placing.embedder == nil {
		return nil, ErrNoEmbeddings
	}
	r.grow(1)
	defer r.finish()
	in := 0
	for _, t := range texts {
		in += r.placing.count(t)
	}
	c, err := r.attempt(ctx, call{tariff: r.placing.tariff, in: in, do: func(ctx context.Context) (Completion, error) {
		v, n, err := r.placing.embedder.Embed(ctx, r.placing.model, texts)
		if err != nil {
			return Completion{TokensIn: n}, err
		}
		packed, err := packVectors(v)
		return Completion{Text: packed, TokensIn: n}, err
	}})
	if err != nil {
		return nil, err
	}
	if r.cache != nil {
		if err := r.cache.Put(context.WithoutCancel(ctx), key, c); err != nil {
			return nil, fmt.Errorf("keep the finished step: %w", err)
		}
	}
	v, ok := unpackVectors(c.Text, len(texts))
	if !ok {
		return nil, ErrNoEmbeddings
	}
	return v, nil
}

func (r *run) keptVectors(ctx context.Context, texts []string) ([][]float32, bool, error) {
	if r.cache == nil {
		return nil, false, nil
	}
	c, ok, err := r.cache.Get(ctx, r.vectorsKey(texts))
	if err != nil {
		return nil, false, fmt.Errorf("read the step cache: %w", err)
	}
	if !ok {
		return nil, false, nil
	}
	v, ok := unpackVectors(c.Text, len(texts))
	return v, ok, nil
}

func (r *run) vectorsKey(texts []string) string {
	return contentKey(vectorsForm, r.provider.Name(), r.placing.model, r.cfg.BaseURL, texts)
}

// packed is how vectors are kept: their directions, a byte for each dimension. What is chosen by them is the same with and without the cache,
// because they are read from this form in any case.
type packed struct {
	Dimensions int    `json:"dimensions"`
	Vectors    string `json:"vectors"` // base64
}

func packVectors(vectors [][]float32) (string, error) {
	var p packed
	var b []byte
	for _, v := range vectors {
		p.Dimensions = len(v)
		largest := 0.0
		for _, x := range v {
			largest = max(largest, math.Abs(float64(x)))
		}
		for _, x := range v {
			b = append(b, byte(int8(math.Round(127*float64(x)/largest))))
		}
	}
	p.Vectors = base64.StdEncoding.EncodeToString(b)
	out, err := json.Marshal(p)
	return string(out), err
}

func unpackVectors(text string, n int) ([][]float32, bool) {
	var p packed
	if json.NewDecoder(strings.NewReader(text)).Decode(&p) != nil || p.Dimensions <= 0 {
		return nil, false
	}
	b, err := base64.StdEncoding.DecodeString(p.Vectors)
	if err != nil || len(b) != n*p.Dimensions {
		return nil, false
	}
	out := make([][]float32, n)
	for i := range out {
		for _, x := range b[i*p.Dimensions : (i+1)*p.Dimensions] {
			out[i] = append(out[i], float32(int8(x)))
		}
	}
	return out, true
}

// Less is what is left of a budget after c; a limit stays one.
func (b Budget) Less(c Charge) Budget {
	if b.MaxTokens > 0 {
		b.MaxTokens = max(1, b.MaxTokens-c.Tokens())
	}
	if b.MaxUSD > 0 {
		b.MaxUSD = max(1e-9, b.MaxUSD-c.USD)
	}
	return b
}
