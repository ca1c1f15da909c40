package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/failure"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// Vision is a model that reads the pages which recognition reads badly (docs/adr/0035-pages-read-by-a-model.md).
type Vision struct {
	Model    *llm.Vision
	Pictures extract.Illustrator
	Below    float64 // confidence below which a recognised page is shown to it
	MaxPages int     // of one document
}

const (
	visionShare = 0.2 // of what one document may cost, at the most
	atATime     = 4   // pictures of one document in memory, and questions about them, at a time
	lookedAt    = 4   // pages that may turn out to be blank, for each one that may be read
	sightSide   = extract.SightSide
)

// afterVision is the ledger of a summary after pages were read by a model: what was set aside for these is no more of its cap. That depends
// on the pages and on nothing that passes, as llm.Capped wants it.
type afterVision struct {
	*budget.Purse
	aside llm.Charge
}

// DocumentCap implements llm.Capped.
func (a afterVision) DocumentCap() llm.Budget { return a.Purse.DocumentCap().Less(a.aside) }

// doubtful says that there are pages which a model might read better.
func (p *pages) doubtful(below float64) bool {
	return slices.ContainsFunc(p.heads, func(h head) bool { return h.unsure(below) || h.nothing() })
}

// unsure says that a page was recognised with less confidence.
func (h head) unsure(below float64) bool {
	return h.err == nil && h.method == extract.MethodOCR && h.confidence < below
}

// nothing says that nothing was recognised: most such pages are blank, which is found out when they are drawn.
func (h head) nothing() bool { return h.err == nil && h.method == extract.MethodEmpty }

// take puts what a model read in the place of what was recognised.
func (p *pages) take(number int, text string) {
	if p.seen == nil {
		p.seen = map[int]extract.Page{}
	}
	for i := range p.heads {
		if h := &p.heads[i]; h.number == number {
			p.bytes += int64(len(text) - h.bytes)
			h.method, h.bytes = extract.MethodVision, len(text)
			p.seen[number] = extract.Page{Number: number, Text: text, Method: extract.MethodVision, Confidence: h.confidence}
		}
	}
}

// seeing is the showing of one document's doubtful pages to a model. What was paid before is not asked again, and needs no file.
type seeing struct {
	vision    *Vision
	pages     *pages
	sha256    string
	with      string // what the pages were read with
	localOnly bool
	options   extract.Options
	cache     llm.Cache
	ledger    llm.Ledger
	cap       llm.Budget
	open      func(ctx context.Context) (path string, err error) // the file; called where a picture is needed
	progress  func(done, total int)
	fresh     func(extract.Page) // told of each page that was read; may be nil
	log       *slog.Logger

	atMost llm.Charge       // set aside of what one document may cost
	asked  int              // pages that the model was shown, now or before
	not    map[string][]int // recognised pages that no model read, by the reason
}

// run shows the pages. Its errors end the document's work for now: the account serves nobody, the journal is full, the work was cancelled.
// Whatever else keeps a page from being read leaves what was recognised, and a warning.
func (s *seeing) run(ctx context.Context) error {
	s.not = map[string][]int{}
	all := s.candidates()
	if why := s.vision.Model.Bars(s.localOnly); why != "" {
		s.leave(all, why)
		return nil
	}
	most, why := s.most(len(all))
	for len(all) > 0 && s.asked < most {
		n := min(atATime, len(all), most-s.asked)
		stop, err := s.several(ctx, all[:n])
		if err != nil {
			return err
		}
		all = all[n:]
		s.progress(min(s.asked, most), most)
		if stop != "" {
			why = stop
			break
		}
	}
	s.leave(all, why)
	s.log.Info("pages shown to a model", "model", s.vision.Model.Model(), "shown", s.asked, "taken", len(s.pages.seen), "tokens_at_most", s.atMost.Tokens())
	return nil
}

// candidates are the pages to show: recognised ones, the worst first, then those on which nothing was recognised.
func (s *seeing) candidates() (out []head) {
	for _, h := range s.pages.heads {
		if h.unsure(s.vision.Below) {
			out = append(out, h)
		}
	}
	slices.SortStableFunc(out, func(a, b head) int { return cmp.Compare(a.confidence, b.confidence) })
	for _, h := range s.pages.heads {
		if h.nothing() && len(out) < lookedAt*s.vision.MaxPages {
			out = append(out, h)
		}
	}
	return out
}

// most is how many of n pages may be shown, and why no more. It sets aside what they may cost.
func (s *seeing) most(n int) (most int, why string) {
	most, why = s.vision.MaxPages, fmt.Sprintf("extract.vision.max_pages allows %d pages of a document", s.vision.MaxPages)
	page := s.vision.Model.AtMost(sightSide, sightSide)
	paid := most
	if s.cap.MaxTokens > 0 {
		paid = min(paid, int(visionShare*float64(s.cap.MaxTokens))/max(1, page.Tokens()))
	}
	if s.cap.MaxUSD > 0 && page.USD > 0 {
		paid = min(paid, int(visionShare*s.cap.MaxUSD/page.USD))
	}
	if paid < most {
		most, why = paid, "a fifth of what one document may cost (summary.max_tokens_per_document, summary.max_usd_per_document) pays for no more"
	}
	k := min(most, n)
	s.atMost = llm.Charge{TokensIn: k * page.TokensIn, TokensOut: k * page.TokensOut, USD: float64(k) * page.USD}
	return most, why
}

// source names the picture of a page: whatever could change it is in it.
func (s *seeing) source(number int) string {
	return fmt.Sprintf("%s page %d of %s by %s", extract.SightRules, number, s.sha256, s.with)
}

// several shows a few pages. stop is why no further one is to be shown, "" where some may.
func (s *seeing) several(ctx context.Context, some []head) (stop string, err error) {
	var looks []extract.Look
	for _, h := range some {
		t, ok, err := s.vision.Model.Kept(ctx, s.cache, s.source(h.number))
		if err != nil {
			return "", err
		}
		if !ok {
			looks = append(looks, extract.Look{Number: h.number, Turned: h.turned})
			continue
		}
		s.asked++
		s.took(h, t)
	}
	if len(looks) == 0 {
		return "", nil
	}
	shown, err := s.draw(ctx, looks)
	var said *extract.Error
	if errors.As(err, &said) && ctx.Err() == nil {
		s.leave(of(some, looks), "no picture of it could be made")
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return s.ask(ctx, some, shown)
}

// of are those of some that are looked at.
func of(some []head, looks []extract.Look) (out []head) {
	for _, h := range some {
		if slices.ContainsFunc(looks, func(l extract.Look) bool { return l.Number == h.number }) {
			out = append(out, h)
		}
	}
	return out
}

// draw gives pictures of pages, those of blank ones left out.
func (s *seeing) draw(ctx context.Context, looks []extract.Look) (shown []extract.Sight, err error) {
	path, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	err = s.vision.Pictures.Pictures(ctx, path, s.options, looks, func(p extract.Sight) error {
		if p.JPEG != nil {
			shown = append(shown, p)
		}
		return nil
	})
	return shown, err
}

// ask puts a few pictures to the model, all at the same time.
func (s *seeing) ask(ctx context.Context, some []head, shown []extract.Sight) (stop string, err error) {
	answers, errs := make([]llm.Transcript, len(shown)), make([]error, len(shown))
	var g errgroup.Group
	for i, p := range shown {
		g.Go(func() error {
			answers[i], errs[i] = s.vision.Model.Read(ctx, llm.PagePicture{Source: s.source(p.Number), JPEG: p.JPEG, Width: p.Width, Height: p.Height, Sure: p.Sure}, s.cache, s.ledger)
			return nil
		})
	}
	_ = g.Wait() // errs has them
	s.asked += len(shown)
	for i, p := range shown {
		h := some[slices.IndexFunc(some, func(h head) bool { return h.number == p.Number })]
		why, all, fatal := without(ctx, errs[i])
		switch {
		case fatal != nil:
			err = cmp.Or(err, fatal)
		case why != "":
			s.leave([]head{h}, why)
			if all {
				stop = why
			}
		default:
			s.took(h, answers[i])
		}
	}
	return stop, err
}

// without says why a page is not read by the model; all, that no other one would be; fatal is what ends the document's work for now.
func without(ctx context.Context, err error) (why string, all bool, fatal error) {
	var e *llm.Error
	over := budget.Over(err)
	switch {
	case err == nil:
		return "", false, nil
	case ctx.Err() != nil:
		return "", false, context.Cause(ctx)
	case over != nil:
		return over.Sentence(), true, nil
	case !errors.As(err, &e), e.Account:
		return "", false, err
	}
	return e.Message, !e.Retryable, nil
}

// took takes what the model read, or what was recognised where the gate refused that.
func (s *seeing) took(h head, t llm.Transcript) {
	switch {
	case t.Why != "":
		s.leave([]head{h}, "the model "+t.Says())
	case t.Text != "": // a page that the model sees no text on keeps what was recognised
		s.pages.take(h.number, t.Text)
		if s.fresh != nil {
			s.fresh(extract.Page{Number: h.number, Method: extract.MethodVision})
		}
	}
}

// leave notes that recognised pages stay as they are. Of pages on which nothing was recognised nobody is told: most are blank.
func (s *seeing) leave(some []head, why string) {
	for _, h := range some {
		if h.method == extract.MethodOCR {
			s.not[why] = append(s.not[why], h.number)
		}
	}
}

// warnings are sentences for the editor.
func (s *seeing) warnings() (out []string) {
	for why, numbers := range s.not {
		slices.Sort(numbers)
		out = append(out, failure.Clip(fmt.Sprintf("%s recognised with little confidence and not read by the model for such pages: %s.", pagesNamed(numbers), why), maxWarning))
	}
	slices.Sort(out)
	return out
}

const (
	maxWarning = 500 // bytes
	maxNamed   = 20  // pages in one sentence
)

// pagesNamed is the beginning of a sentence about pages.
func pagesNamed(numbers []int) string {
	if len(numbers) == 1 {
		return fmt.Sprintf("Page %d was", numbers[0])
	}
	text := "Pages "
	for i, n := range numbers[:min(len(numbers), maxNamed)] {
		switch {
		case i > 0 && i == len(numbers)-1:
			text += " and "
		case i > 0:
			text += ", "
		}
		text += fmt.Sprint(n)
	}
	if more := len(numbers) - maxNamed; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text + " were"
}
