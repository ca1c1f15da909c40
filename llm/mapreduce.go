package llm

import (
	"context"
	"math"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/chunk"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/gate"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/tokens"
)

// noteLimits bound the tokens of one partial summary.
const (
	minNotes = 120
	maxNotes = 800
)

// longAnswer is the number of words from which a summary is asked to have sections.
const longAnswer = 3000

// document chooses between one call and map-reduce.
func (r *run) document(ctx context.Context, d Document, words int) (grounded, int, error) {
	chunks := chunk.Split(d.Pages, r.chunk(), r.cfg.OverlapTokens, r.count)
	if len(chunks) == 1 {
		r.grow(1)
		a, err := r.write(ctx, "single", promptArgs{text: chunks[0].Marked(), tokens: chunks[0].Tokens, firstPage: chunks[0].FirstPage(), lastPage: chunks[0].LastPage()}, words)
		r.finish()
		if !tooLong(err) {
			return a, 1, err
		}
		chunks = chunk.Split(d.Pages, r.chunk()/2, r.cfg.OverlapTokens, r.count)
	}
	notes, err := r.mapAll(ctx, chunks)
	if err != nil {
		return grounded{}, 0, err
	}
	a, err := r.reduce(ctx, notes, words)
	return a, len(chunks), err
}

func tooLong(err error) bool {
	return isCode(err, CodeTooLong)
}

// noteTokens is the size of one partial summary: small enough that two levels of reduction take
// in any document, so that no chain is longer than map, reduce, final.
func (r *run) noteTokens(chunks int) int {
	fan := math.Ceil(math.Sqrt(float64(chunks)))
	return min(maxNotes, r.output, max(minNotes, int(float64(r.chunk())/fan)-16))
}

func (r *run) mapAll(ctx context.Context, chunks []chunk.Chunk) ([]string, error) {
	size := r.noteTokens(len(chunks))
	notes := make([]string, len(chunks))
	r.grow(len(chunks) + 1)
	g, gctx := errgroup.WithContext(ctx)
	// The limiter bounds calls; this bounds goroutines for documents of thousands of chunks.
	g.SetLimit(4 * r.cfg.calls().Most)
	for i, c := range chunks {
		g.Go(func() error {
			n, err := r.mapChunk(gctx, c, i+1, len(chunks), size)
			notes[i] = n
			r.finish()
			return r.waits(err)
		})
	}
	if err := g.Wait(); err != nil {
		return notes, err
	}
	return notes, r.allThere()
}

// mapChunk makes notes of one chunk. Where the server has less context than was thought, the
// chunk is cut in two and the notes of both are joined.
func (r *run) mapChunk(ctx context.Context, c chunk.Chunk, part, parts, size int) (string, error) {
	q := ask("map", promptArgs{text: c.Marked(), tokens: c.Tokens, language: r.language, redacted: r.redacted, part: part, parts: parts, words: size * 5 / 9, context: c.Section, overlap: c.Overlap,
		firstPage: c.FirstPage(), lastPage: c.LastPage()})
	q.MaxTokens = r.noteRoom(size)
	v, err := r.put(ctx, q)
	if err == nil {
		r.note(v)
		return v.notes, nil
	}
	if !tooLong(err) || c.Tokens < 2*minChunk {
		return "", err
	}
	var both []string
	for _, half := range chunk.Split(c.Parts, c.Tokens/2+chunk.PageMarkTokens, 0, r.count) {
		half.Section = append(append([]string{}, c.Section...), half.Section...)
		n, err := r.mapChunk(ctx, half, part, parts, max(minNotes, size/2))
		if err = r.waits(err); err != nil {
			return "", err
		}
		both = append(both, n)
	}
	return strings.Join(both, "\n"), nil
}

// reduce merges notes level by level until they fit one call, and writes the summary from them. It ends: each level leaves at most
// half as many notes, rounded up, and where the model takes less than was thought the room is halved down to a bound.
func (r *run) reduce(ctx context.Context, notes []string, words int) (grounded, error) {
	room := r.chunk()
	for {
		if ctx.Err() != nil {
			return grounded{}, context.Cause(ctx)
		}
		groups := r.group(notes, room)
		if len(groups) <= 1 {
			a, err := r.write(ctx, "final", promptArgs{text: strings.Join(groups[0], "\n\n")}, words)
			if !tooLong(err) || room < 2*minChunk || len(notes) < 2 {
				r.finish()
				return a, err
			}
			room /= 2
			continue
		}
		merged, err := r.reduceLevel(ctx, groups)
		if tooLong(err) && room >= 2*minChunk {
			room /= 2
			continue
		}
		if err != nil {
			return grounded{}, err
		}
		notes = merged
	}
}

func (r *run) reduceLevel(ctx context.Context, groups [][]string) ([]string, error) {
	size := min(maxNotes, r.output, max(minNotes, r.chunk()/len(groups)-16))
	merged := make([]string, len(groups))
	r.grow(len(groups))
	g, gctx := errgroup.WithContext(ctx)
	for i, group := range groups {
		g.Go(func() error {
			defer r.finish()
			if len(group) == 1 {
				merged[i] = group[0]
				return nil
			}
			q := ask("reduce", promptArgs{text: strings.Join(group, "\n\n"), language: r.language, redacted: r.redacted, words: size * 5 / 9})
			q.MaxTokens = r.noteRoom(size)
			v, err := r.put(gctx, q)
			r.note(v)
			merged[i] = v.notes
			return err
		})
	}
	return merged, g.Wait()
}

// noteGap is what joining two notes costs, in tokens.
const noteGap = 2

// noteRoom is the room for notes that are asked to take size tokens: models do not count well, and an answer that is cut off is paid twice.
func (r *run) noteRoom(size int) int { return max(size, min(size*5/4, r.output)) }

// group packs notes, in order, into as few groups as fit room tokens, of about equal size and of two notes at least, but for the last.
// A note that would leave no room for another one (a server that ignores max_tokens) is clipped.
func (r *run) group(notes []string, room int) [][]string {
	clipped := make([]string, len(notes))
	sizes := make([]int, len(notes))
	total := 0
	for i, n := range notes {
		clipped[i] = r.clip(n, room/2-noteGap)
		sizes[i] = r.count(clipped[i]) + noteGap
		total += sizes[i]
	}
	if total <= room {
		return [][]string{clipped}
	}
	target := total/((total+room-1)/room) + 1
	var out [][]string
	var cur []string
	used := 0
	for i, n := range clipped {
		if full := used+sizes[i] > room || used+sizes[i]/2 > target; full && len(cur) > 1 {
			out, cur, used = append(out, cur), nil, 0
		}
		cur = append(cur, n)
		used += sizes[i]
	}
	return append(out, cur)
}

// clip shortens a note to limit tokens.
func (r *run) clip(note string, limit int) string {
	short := shorten(note, limit, r.count)
	if len(short) < len(note) {
		r.cut.Store(true)
	}
	return short
}

// shorten cuts a text to limit tokens, and to one rune at the least.
func shorten(text string, limit int, count tokens.Counter) string {
	for n := count(text); n > limit && len(text) > 1; n = count(text) {
		text = tokens.CutRune(text, max(1, min(len(text)*9/10, len(text)*limit/n)))
	}
	return text
}

// write asks for the summary itself, which comes looked up in the document.
func (r *run) write(ctx context.Context, name string, a promptArgs, words int) (grounded, error) {
	a.language, a.style, a.redacted, a.sections = r.language, r.style, r.redacted, words >= longAnswer
	q := ask(name, a)
	q.MaxTokens = r.output
	v, err := r.put(ctx, q)
	r.note(v)
	return v.looked, err
}

// note remembers that an answer was delivered without its end.
func (r *run) note(v verdict) {
	if v.reason == gate.Cut {
		r.cut.Store(true)
	}
}
