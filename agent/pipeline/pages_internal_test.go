package pipeline

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// inMemory is what the documents of these tests may hold.
const inMemory = 4 << 20

// kept gives pages back in order, as the real one does, and counts how often it was asked.
type kept struct {
	pages map[int]extract.Page
	asked int
}

func (k *kept) all(context.Context) iter.Seq2[extract.Page, error] {
	k.asked++
	return func(yield func(extract.Page, error) bool) {
		for n := 1; n <= 100_000 && len(k.pages) > 0; n++ {
			if p, ok := k.pages[n]; ok && !yield(p, nil) {
				return
			}
		}
	}
}

// document adds so many pages of so many bytes, the last first; each third failed.
func (k *kept) document(n, bytes int) *pages {
	k.pages = map[int]extract.Page{}
	p := &pages{most: inMemory, kept: k.all}
	for i := n; i > 0; i-- {
		pg := page(i, extract.MethodText, 1, strings.Repeat(fmt.Sprintf("%d ", i), bytes/len(fmt.Sprint(i, " "))))
		if i%3 == 0 {
			pg = extract.Page{Number: i, Err: &extract.Error{Code: extract.CodeTimeout}}
		} else {
			k.pages[i] = pg
		}
		p.add(pg)
	}
	p.sort()
	return p
}

func numbersOf(t *testing.T, p *pages) (n int) {
	t.Helper()
	for pg, err := range p.all(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; pg.Number != n || (pg.Err != nil) != (n%3 == 0) || pg.Err == nil && !strings.HasPrefix(pg.Text, fmt.Sprint(n, " ")) {
			t.Fatalf("page %d comes as number %d: %q %v", pg.Number, n, pg.Text[:min(9, len(pg.Text))], pg.Err)
		}
	}
	return n
}

func TestAShortDocumentIsHeldAndALongOneIsNot(t *testing.T) {
	for bytes, long := range map[int]bool{1000: false, 50_000: true} {
		k := &kept{}
		p := k.document(300, bytes)
		if p.long != long || (p.texts == nil) != long {
			t.Fatalf("300 pages of %d bytes: long %v, %d texts in memory", bytes, p.long, len(p.texts))
		}
		if n := numbersOf(t, p); n != 300 {
			t.Errorf("%d pages", n)
		}
		if k.asked > 0 != long {
			t.Errorf("the journal was asked %d times", k.asked)
		}
	}
}

func TestTextThatWasPutAsideComesBack(t *testing.T) {
	k := &kept{}
	p := k.document(30, 100)
	p.putAside()
	if err := p.fetchBack(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := numbersOf(t, p); n != 30 || k.asked != 1 {
		t.Errorf("%d pages, the journal was asked %d times", n, k.asked)
	}
}

func TestAPageThatTheJournalHasNoMoreIsAnError(t *testing.T) {
	k := &kept{}
	p := k.document(300, 50_000)
	delete(k.pages, 100)
	var got error
	for _, err := range p.all(t.Context()) {
		got = errors.Join(got, err)
	}
	if got == nil || !strings.Contains(got.Error(), "page 100, and 200 after it") {
		t.Errorf("%v", got)
	}
}

// Of a document that is too long a summary is made from runs of its pages, from its beginning to its end.
func TestTheExcerptOfALongDocumentIsFromAllOverIt(t *testing.T) {
	for name, size := range map[string][2]int{"many pages": {8000, 3000}, "a little too long": {45, inMemory / 20}, "few and huge": {6, inMemory + 1<<20}} {
		t.Run(name, func(t *testing.T) {
			k := &kept{}
			p := k.document(size[0], size[1])
			var d llm.Document
			if err := p.forModel(t.Context(), &d); err != nil {
				t.Fatal(err)
			}
			bytes, runs, last := 0, 0, -1
			for _, pg := range d.Pages {
				if bytes += len(pg.Text); pg.Number != last+1 && pg.Number != last+2 { // each third failed
					runs++
				}
				last = pg.Number
			}
			if bytes > inMemory || bytes < inMemory*9/10 {
				t.Errorf("%d bytes of %d", bytes, inMemory)
			}
			if runs > excerptRuns || d.Pages[0].Number > 2 || last < size[0]-2 {
				t.Errorf("%d runs, from page %d to %d of %d", runs, d.Pages[0].Number, last, size[0])
			}
			readable := size[0] - size[0]/3
			if d.Whole.Pages != readable || d.Whole.Words < int(p.bytes/10) {
				t.Errorf("of %d pages with %d words; %d hold text", d.Whole.Pages, d.Whole.Words, readable)
			}
		})
	}
}

func TestHowMuchTextThereIsRoomFor(t *testing.T) {
	for memory, want := range map[int64][2]int64{0: {34, 4}, 512 << 20: {34, 4}, 128 << 20: {2, 2}, 4 << 30: {333, 41}} {
		if all, one := TextIn(memory); all>>20 != want[0] || one>>20 != want[1] {
			t.Errorf("%d MiB: text of %d MiB, of one document %d, want %v", memory>>20, all>>20, one>>20, want)
		}
	}
}
