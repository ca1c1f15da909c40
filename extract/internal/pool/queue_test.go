package pool

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// readsAs reads a document of a tenant with a child that puts the words of all documents it has seen into each page. It
// gives those words and the child's number.
func readsAs(t *testing.T, p *Pool, tenant, words string) (text, pid string) {
	t.Helper()
	info, err := p.Extract(context.Background(), tempFile(t, "a", []byte(words+" ")), Options{Tenant: tenant, OnPage: func(pg doc.Page) error {
		text += pg.Text
		return nil
	}})
	if err != nil {
		t.Error(err)
	}
	return text, info.Title
}

// A child that was taken over by a document carries nothing into the documents of another tenant, and tenants that take
// turns do not cost more children than needed.
func TestNoChildReadsForTwoTenants(t *testing.T) {
	t.Parallel()
	for workers, want := range map[int]int{1: 4, 2: 2} {
		p, err := badPool(t, "carries over", func(c *Config) { c.Workers = workers })
		if err != nil {
			t.Fatal(err)
		}
		pids := map[string]bool{}
		for i, tenant := range []string{"a.example", "a.example", "b.example", "b.example", "a.example", "", ""}[:5+2*(workers%2)] {
			text, pid := readsAs(t, p, tenant, fmt.Sprintf("words-of-%s-%d", tenant, i))
			pids[pid] = true
			for _, other := range []string{"a.example", "b.example", ""} {
				if other != tenant && strings.Contains(text, "words-of-"+other+"-") {
					t.Errorf("the document of %q has the words of %q: %q", tenant, other, text)
				}
			}
			if i == 1 && !strings.Contains(text, "words-of-a.example-0") {
				t.Errorf("the second document of a tenant did not come to the first one's child: %q", text)
			}
		}
		if len(pids) != want {
			t.Errorf("%d workers: %d children, want %d", workers, len(pids), want)
		}
	}
}

func TestManyTenantsShareFewChildren(t *testing.T) {
	t.Parallel()
	p, err := badPool(t, "carries over", nil)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 24 {
		tenant := fmt.Sprintf("site-%d", i%6)
		all.Go(func() {
			text, _ := readsAs(t, p, tenant, tenant)
			for _, word := range strings.Fields(text) {
				if word != tenant {
					t.Errorf("a document of %s has the words of %s", tenant, word)
				}
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			if n := len(p.live); n > 2 || p.startable < 0 {
				t.Errorf("%d children live and %d may be started", n, p.startable)
			}
		})
	}
	all.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.live); n > 2 || p.startable+n != 2 {
		t.Errorf("%d children live and %d may be started, want 2 together", n, p.startable)
	}
}

// The queue is first in, first out; but within a time slice waiters of a child's own tenant go before others.
func TestTheQueue(t *testing.T) {
	for name, c := range map[string]struct {
		queue []string
		held  time.Duration
		want  int // for a child of a, -1: it goes on
	}{
		"nobody":                    {nil, 0, -1},
		"nobody, long":              {nil, time.Hour, -1},
		"own":                       {[]string{"a", "b"}, 0, 0},
		"own, long":                 {[]string{"a", "b"}, time.Hour, 0},
		"another":                   {[]string{"b"}, 0, -1},
		"another, long":             {[]string{"b"}, timeSlice, 0},
		"own behind":                {[]string{"b", "c", "a"}, 0, 2},
		"own behind, nearly":        {[]string{"b", "c", "a"}, timeSlice - 1, 2},
		"own behind, slice is over": {[]string{"b", "c", "a"}, timeSlice, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := &Pool{cfg: Config{idleTimeout: time.Minute}}
			for _, tenant := range c.queue {
				p.queue = append(p.queue, waiter{tenant: tenant, grant: make(chan *child, 1)})
			}
			k := (&child{}).assign("a")
			time.Sleep(c.held)
			if got := p.nextWaiter(k); got != c.want || p.shouldYield(k) != (got >= 0) {
				t.Errorf("%s: %d, want %d", name, got, c.want)
			}
			before := slices.Clone(p.queue)
			handed := p.handOver(k)
			first := max(0, c.want)
			switch {
			case len(before) == 0:
				if !handed || len(p.idle) != 1 {
					t.Errorf("%s: not idle", name)
				}
			case before[first].tenant != "a":
				if handed || len(p.queue) != len(before) {
					t.Errorf("%s: handed to %q", name, before[first].tenant)
				}
			case !handed || len(before[first].grant) != 1 || len(p.queue) != len(before)-1:
				t.Errorf("%s: not handed to %d", name, first)
			}
		})
	}
}

// Two tenants with long documents and one child: each gets its time slices, and a slice is long enough to pay for the start.
func TestTenantsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, k, pages := &Pool{}, (&child{}).assign("a"), map[string]int{}
		wait := func(tenant string) {
			p.queue = append(p.queue, waiter{tenant: tenant, grant: make(chan *child, 1)})
		}
		wait("b")
		wait("c")
		wait("a")
		starts := 0
		for range 6000 { // a minute of pages of 10 ms
			time.Sleep(10 * time.Millisecond)
			pages[k.tenant]++
			if !p.shouldYield(k) {
				continue
			}
			wait(k.tenant)
			if !p.handOver(k) {
				starts++
				k = (&child{}).assign(p.queue[0].tenant)
				p.queue = p.queue[1:]
			}
		}
		for _, tenant := range []string{"a", "b", "c"} {
			if pages[tenant] < 6000/4 {
				t.Errorf("%s got %d of 6000 pages", tenant, pages[tenant])
			}
		}
		if starts > 61 {
			t.Errorf("%d children were started in a minute", starts)
		}
	})
}
