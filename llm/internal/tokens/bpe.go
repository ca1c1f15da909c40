package tokens

import (
	"hash/maphash"
	"math"
	"math/bits"
	"slices"

	"github.com/dlclark/regexp2/v2"
)

// encoding is a vocabulary of byte pair encoding with the expression that cuts a text before.
type encoding struct {
	vocabulary
	cut *regexp2.Regexp
}

func newEncoding(list string, tokens int, cut string) *encoding {
	return &encoding{vocabularyOf(list, tokens), regexp2.MustCompile(cut, regexp2.None)}
}

// count is how many tokens s has.
func (e *encoding) count(s string) (int, error) {
	switch shapeOf(s) {
	case oneWord:
		return e.tokens(s), nil
	case digits:
		return e.digits(s), nil
	}
	n := 0
	m, err := e.cut.FindStringMatch(s)
	for ; m != nil && err == nil; m, err = e.cut.FindNextMatch(m) {
		n += e.tokens(m.String())
	}
	return n, err
}

// digits counts a space, if there is one, and digits three by three, as both expressions cut them.
func (e *encoding) digits(s string) (n int) {
	if s[0] == ' ' {
		n, s = 1, s[1:]
	}
	for ; len(s) > 3; s = s[3:] {
		n += e.tokens(s[:3])
	}
	return n + e.tokens(s)
}

// shape is what can be told of a text without an expression.
type shape int

const (
	mixed   shape = iota
	oneWord       // both expressions take it for one
	digits        // with a space before them or none
)

// shapeOf tells most of what is counted: ASCII letters, capitals first, with a space or a sign before them or none; signs and digits, with a space
// before them or none. An apostrophe may begin a word of its own.
func shapeOf(s string) shape {
	if s == "" {
		return mixed
	}
	first := 0
	if s[0] == ' ' {
		first = 1
	}
	switch end := run(s, first, func(b byte) bool { return sign(rune(b)) }); {
	case end == len(s) && end > first:
		return oneWord
	case end > 1 || s[0] == '\'':
		return mixed
	case end == 1:
		first = 1
	}
	if run(s, first, isDigit) == len(s) && len(s) > first && (first == 0 || s[0] == ' ') {
		return digits
	}
	end := run(s, run(s, first, func(b byte) bool { return 'A' <= b && b <= 'Z' }), func(b byte) bool { return 'a' <= b && b <= 'z' })
	if end == len(s) && end > first {
		return oneWord
	}
	return mixed
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// run is where bytes of a kind end that begin at s[at:].
func run(s string, at int, of func(byte) bool) int {
	for at < len(s) && of(s[at]) {
		at++
	}
	return at
}

// vocabulary finds tokens by their bytes. It is made of the list alone, without a pointer or a string for each: as a map it took a tenth of a second to make,
// and whatever collects garbage looked through it each time.
type vocabulary struct {
	list  string   // tokens in the order of their rank, each after a byte with its length
	slots []uint32 // by hash: where a token stands in list, counted from 1; 0: nothing
	seed  maphash.Seed
}

func vocabularyOf(list string, tokens int) vocabulary {
	v := vocabulary{list: list, slots: make([]uint32, 1<<bits.Len(uint(2*tokens))), seed: maphash.MakeSeed()}
	for at := 0; at < len(list); {
		end := at + 1 + int(list[at])
		i := v.slot(list[at+1 : end])
		for v.slots[i] != 0 {
			i = (i + 1) & (len(v.slots) - 1)
		}
		v.slots[i] = uint32(at + 1)
		at = end
	}
	return v
}

func (v *vocabulary) slot(token string) int {
	return int(maphash.String(v.seed, token)) & (len(v.slots) - 1)
}

// none is the rank of what is no token.
const none = math.MaxUint32

// rank orders tokens as they were learnt: the first one is merged first.
func (v *vocabulary) rank(token string) uint32 {
	if len(token) > math.MaxUint8 {
		return none
	}
	for i := v.slot(token); v.slots[i] != 0; i = (i + 1) & (len(v.slots) - 1) {
		at := int(v.slots[i])
		if n := int(v.list[at-1]); n == len(token) && v.list[at:at+n] == token {
			return uint32(at)
		}
	}
	return none
}

// tokens is how many are left of a word when all pairs of its parts that are tokens have been merged, those of the lowest rank first, which are
// looked for anew each time: words are short, and bpeCounter cuts what is not.
func (v *vocabulary) tokens(word string) int {
	if v.rank(word) != none {
		return 1
	}
	begins, ranks := make([]int, 0, 64), make([]uint32, 0, 64) // of the parts; ranks are those of a part with the next one
	for i := range len(word) + 1 {
		begins = append(begins, i)
	}
	pair := func(i int) uint32 {
		if i+2 >= len(begins) {
			return none
		}
		return v.rank(word[begins[i]:begins[i+2]])
	}
	for i := range len(word) - 1 {
		ranks = append(ranks, pair(i))
	}
	for {
		best, lowest := 0, uint32(none)
		for i, r := range ranks {
			if r < lowest {
				best, lowest = i, r
			}
		}
		if lowest == none {
			return len(begins) - 1
		}
		begins = slices.Delete(begins, best+1, best+2)
		ranks = slices.Delete(ranks, best, best+1)
		if best < len(ranks) {
			ranks[best] = pair(best)
		}
		if best > 0 {
			ranks[best-1] = pair(best - 1)
		}
	}
}
