package numfmt

import (
	"strconv"
	"sync"
)

// maxCached bounds the parsed formats that are kept: a sheet has few, and many cells of each. Those longer than maxKept were not
// written by people.
const (
	maxCached = 2000
	maxKept   = 512 // bytes of a format
)

// cache keeps what was made of formats.
type cache[T any] struct {
	mu   sync.Mutex
	kept map[string]T
	make func(string) T
}

func (c *cache[T]) get(f string) T {
	if len(f) > maxKept {
		return c.make(f)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.kept[f]
	if !ok {
		if c.kept == nil || len(c.kept) >= maxCached {
			c.kept = map[string]T{}
		}
		v = c.make(f)
		c.kept[f] = v
	}
	return v
}

var (
	tokenCache   = cache[[]token]{make: tokenise}
	sectionCache = cache[sectioned]{make: func(f string) sectioned { return newSectioned(f) }}
)

// tokens must not be changed by the caller.
func tokens(sec string) []token { return tokenCache.get(sec) }

type sectioned struct {
	parts []string
	conds []cond // one for each part; nil when no part has any
}

func sections(f string) ([]string, []cond) {
	s := sectionCache.get(f)
	return s.parts, s.conds
}

func newSectioned(f string) sectioned {
	s := sectioned{parts: split(f)}
	conds := make([]cond, len(s.parts))
	for i, p := range s.parts {
		m := conditions.FindStringSubmatch(p)
		if m == nil {
			continue
		}
		if limit, err := strconv.ParseFloat(m[2], 64); err == nil {
			conds[i] = cond{m[1], limit}
			s.conds = conds
		}
	}
	return s
}
