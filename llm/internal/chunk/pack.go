package chunk

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/tokens"
)

// pack joins pieces into chunks of at most limit tokens, of about the same size each: a document
// a little over the limit becomes two halves, not one full chunk and a stub.
func pack(pieces []piece, limit, overlap int, count tokens.Counter) []Chunk {
	overlap = min(overlap, limit/4)
	room := limit - overlap
	total, page := 0, 0
	for _, p := range pieces {
		if p.page != page {
			total, page = total+PageMarkTokens, p.page
		}
		total += p.tokens
	}
	if total <= limit {
		room = limit
	}
	n := max(1, (total+room-1)/room)
	target := min(room, (total+n-1)/n*11/10+PageMarkTokens)
	var out []Chunk
	for start := 0; start < len(pieces); {
		end := chunkEnd(pieces, start, target, room)
		c := makeChunk(pieces[start:end])
		// Joined text may have another count than its parts: where there is little room left, give back pieces until it fits.
		for end-start > 1 && c.Tokens > room*9/10 && count(c.Text())+PageMarkTokens*len(c.Parts) > room {
			end--
			c = makeChunk(pieces[start:end])
		}
		if overlap > 0 && start > 0 {
			c.Overlap = tail(pieces[:start], overlap)
		}
		out = append(out, c)
		start = end
	}
	return out
}

// chunkEnd is the index after the last piece of the chunk that begins at start.
func chunkEnd(pieces []piece, start, target, room int) int {
	used, page := 0, -1
	best, bestBorder := 0, borderNone
	for i := start; i < len(pieces); i++ {
		p := pieces[i]
		cost := p.tokens
		if p.page != page {
			cost, page = cost+PageMarkTokens, p.page
		}
		// The best border in the last third before the target is where the chunk ends.
		if i > start && used >= target*2/3 && (best == 0 || p.border >= bestBorder) {
			best, bestBorder = i, p.border
		}
		if used+cost > target && i > start {
			if best > start && (bestBorder >= p.border || used+cost > room) {
				return best
			}
			return i
		}
		used += cost
	}
	return len(pieces)
}

func makeChunk(pieces []piece) Chunk {
	c := Chunk{Section: pieces[0].path}
	var texts []*strings.Builder
	for _, p := range pieces {
		if n := len(c.Parts); n == 0 || c.Parts[n-1].Number != p.page {
			c.Parts = append(c.Parts, prose.Page{Number: p.page})
			texts = append(texts, &strings.Builder{})
			c.Tokens += PageMarkTokens
		}
		texts[len(texts)-1].WriteString(p.text)
		c.Tokens += p.tokens
	}
	for i, t := range texts {
		c.Parts[i].Text = t.String()
	}
	return c
}

// tail is the end of the pieces, at most limit tokens of it, whole pieces only.
func tail(pieces []piece, limit int) string {
	used, i := 0, len(pieces)
	for i > 0 && used+pieces[i-1].tokens <= limit {
		i--
		used += pieces[i].tokens
	}
	var b strings.Builder
	for _, p := range pieces[i:] {
		b.WriteString(p.text)
	}
	return b.String()
}
