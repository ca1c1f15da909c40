package wpclient

import (
	"net/url"
	"strconv"
	"time"
)

// variedAfter is how long after the last one another look goes to an address that no cache has an answer for. Where nothing
// stands in front it is a look like any other.
const variedAfter = 8 * time.Second

// look is how the doorbell is looked at once.
type look struct {
	prev   DoorbellState
	varied bool
}

// Around is the state that makes the next look go around caches.
func (s DoorbellState) Around() DoorbellState {
	s.varied, s.past = time.Time{}, ""
	return s
}

func (s DoorbellState) look() look {
	due := s.Seen && s.past == "" && time.Since(s.varied) >= variedAfter
	return look{prev: s, varied: s.Cached || due}
}

// address is the doorbell's own, or with a query that was never asked for. A server of files takes no notice of it; a cache
// takes it for another file, unless it was told to leave queries out.
func (l look) address(bell *url.URL) *url.URL {
	if !l.varied {
		return bell
	}
	u := *bell
	q := u.Query()
	q.Set("look", strconv.FormatInt(time.Now().UnixNano(), 36))
	u.RawQuery = q.Encode()
	return &u
}

// judge tells what a look has shown. A cache is in front where a look past it saw the file change and the next one at its own
// address sees again what was there before: the content of a doorbell never comes twice.
func (l look) judge(next DoorbellState, changed bool) (DoorbellState, bool) {
	if !l.varied && changed && l.prev.past != "" && next.Content == l.prev.past {
		next, changed = l.prev, false
		next.Cached = true
	}
	next.past = ""
	if l.varied && changed && l.prev.Seen {
		next.past = l.prev.Content
	}
	next.Cached, next.Sign = next.Cached || l.prev.Cached, l.prev.Sign
	next.varied = l.prev.varied
	if l.varied || !l.prev.Seen {
		next.varied = time.Now()
	}
	return next, changed
}
