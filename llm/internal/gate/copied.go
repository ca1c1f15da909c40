package gate

import (
	"hash/maphash"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// leakWords is the length of a run of words from the instructions that no summary shares with them by chance.
const leakWords = 10

// leaks says whether an answer holds its instructions or the marks that fence the document. A document that holds such marks has had
// them broken up before it was sent, so whole ones come from the prompt.
func leaks(q Asked, visible string) bool {
	for _, f := range q.Fences {
		if f != "" && strings.Contains(visible, f) {
			return true
		}
	}
	return longestShared(prose.Fold(q.Instructions), prose.Fold(visible), leakWords) > 0
}

// A summary may quote; it does not consist of one long quotation, nor of nearly the whole document.
const (
	maxQuoted        = 150 // words in a row
	maxQuotedOfShort = 60  // where they are four fifths of a short document
)

func copies(document, answer string) bool {
	words := prose.Fold(answer)
	if len(words) < maxQuotedOfShort {
		return false
	}
	source := prose.Fold(document)
	n := longestShared(source, words, 20)
	return n >= maxQuoted || n >= maxQuotedOfShort && n*5 >= len(source)*4
}

// longestShared is the length of the longest run of words of at least size that b shares with a, 0 where there is none.
func longestShared(a, b []string, size int) int {
	if len(a) < size || len(b) < size {
		return 0
	}
	wanted := runsOf(b, size)
	where := make(map[uint64]int, len(wanted)) // in b
	for i, h := range wanted {
		where[h] = i
	}
	shared := map[uint64]bool{}
	for i, h := range runsOf(a, size) {
		if at, ok := where[h]; ok && slices.Equal(a[i:i+size], b[at:at+size]) {
			shared[h] = true
		}
	}
	best, run := 0, 0
	for _, h := range wanted {
		if !shared[h] {
			run = 0
			continue
		}
		if run++; run+size-1 > best {
			best = run + size - 1
		}
	}
	return best
}

var wordSeed = maphash.MakeSeed()

// runsOf are hashes of all runs of size words, one for each place where one begins.
func runsOf(words []string, size int) []uint64 {
	window, out := newRolling(size), make([]uint64, 0, len(words))
	for _, w := range words {
		if hash, full := window.add(maphash.String(wordSeed, w)); full {
			out = append(out, hash)
		}
	}
	return out
}

// rolling is the hash of the last so many values of a row.
type rolling struct {
	last []uint64 // a ring
	next int      // its place for the next value
	full bool
	lead uint64 // by what the value that leaves has been multiplied
	hash uint64
}

func newRolling(size int) *rolling {
	r := &rolling{last: make([]uint64, size), lead: 1}
	for range size {
		r.lead *= hashBase
	}
	return r
}

// hashBase is what rolling hashes are powers of.
const hashBase = 1_000_003

// add takes the next value; the hash counts once so many values are there.
func (r *rolling) add(value uint64) (hash uint64, full bool) {
	r.hash = r.hash*hashBase + value - r.lead*r.last[r.next] // 0 until the ring is full
	r.last[r.next] = value
	if r.next++; r.next == len(r.last) {
		r.next, r.full = 0, true
	}
	return r.hash, r.full
}

// Bounds of what counts as a loop, in characters.
const (
	maxPeriod  = 300
	minLoop    = 160
	minRounds  = 4
	loopSample = 30_000
)

// loops says whether a part of an answer goes round in circles. Rows of a table may be alike.
func loops(a Answer) bool {
	var flat []rune
	for l := range strings.Lines(a.Visible) {
		if t := strings.TrimSpace(l); !strings.HasPrefix(t, "|") {
			flat = appendFlat(flat, t)
		}
	}
	if len(flat) > loopSample {
		flat = flat[len(flat)-loopSample:]
	}
	return circles(flat) || repeatsItself(a.Lines)
}

// circles says whether a part of flat repeats itself at least minRounds times in a row. A window that came before, not long ago, names
// the period; the run is then measured.
func circles(flat []rune) bool {
	const window = 40
	if len(flat) < minLoop {
		return false
	}
	seen, last := make(map[uint64]int, len(flat)), newRolling(window)
	for i, r := range flat {
		hash, full := last.add(uint64(r))
		if !full {
			continue
		}
		before, ok := seen[hash]
		seen[hash] = i
		if period := i - before; ok && period <= maxPeriod && runOf(flat, i, period) >= max(minLoop, period*(minRounds-1)) {
			return true
		}
	}
	return false
}

// runOf is how many characters, up to flat[end], are the same as those one period before.
func runOf(flat []rune, end, period int) int {
	n := 0
	for i := end; i >= period && flat[i] == flat[i-period]; i-- {
		n++
	}
	return n
}

// appendFlat appends the letters and digits of s, with one space between words.
func appendFlat(flat []rune, s string) []rune {
	for _, w := range prose.Fold(s) {
		for _, r := range w {
			flat = append(flat, r)
		}
		if r, _ := utf8.DecodeRuneInString(w); r < 0x2E80 {
			flat = append(flat, ' ')
		}
	}
	return flat
}

// repeatsItself says whether most lines of an answer say what another one says.
func repeatsItself(lines []string) bool {
	seen := map[string]int{}
	long, again := 0, 0
	for _, l := range lines {
		w := prose.Fold(pageRef.ReplaceAllString(l, ""))
		if len(w) < 4 {
			continue
		}
		long++
		if key := strings.Join(w, " "); seen[key] > 0 {
			again++
		} else {
			seen[key]++
		}
	}
	return again >= 4 && again*2 > long
}
