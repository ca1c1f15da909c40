package pool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// Options of one extraction. The zero value is usable.
type Options struct {
	// Languages are tesseract language codes to recognise with; empty: all installed ones that the page's script needs.
	Languages []string
	// Name is the upload's file name; a hint in messages and for text formats only (md, csv), never trusted.
	Name string
	// Tenant is whose document it is. A child that has read a document of one tenant never gets one of another: should
	// the first have taken it over, it would see the second, or put words of the first into it.
	Tenant string
	// Skip reports pages whose text the caller already has (journal); they are neither read nor reported.
	Skip func(page int) bool
	// OnDocument is called once, before any page.
	OnDocument func(doc.Info) error
	// OnPage is called from one goroutine, once for each page, in the order pages finish. An error stops the extraction.
	OnPage func(doc.Page) error
}

// extraction is the reading of one file.
type extraction struct {
	p    *Pool
	id   uint64
	path string
	opts Options
	doc  doc.Info

	alone bool // files inside the file are left out: the first child ended or took too long

	mu       sync.Mutex
	opens    int           // times a child was asked to open the file
	next     int           // the first page that nextPage has not given out
	allTaken chan struct{} // closed when nextPage has given out the last page
	slowPage chan struct{} // closed when a page turned out to need recognition
	slowOnce sync.Once
	results  chan doc.Page

	links pageLinks // of the pages that were read
}

// Extract reads the file at path. It returns a *doc.Fail for anything that is the file's fault, the caller's own error when one of
// its functions gave one, and the cause of ctx when that ended.
func (p *Pool) Extract(ctx context.Context, path string, opts Options) (doc.Info, error) {
	if err := p.beginUse(); err != nil {
		return doc.Info{}, err
	}
	defer p.busy.Done()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer p.onClose(cancel)()
	if err := p.checkFile(path); err != nil {
		return doc.Info{}, err
	}
	p.mu.Lock()
	p.extractions++
	x := &extraction{p: p, id: p.extractions, path: path, opts: opts, allTaken: make(chan struct{}), slowPage: make(chan struct{}), results: make(chan doc.Page)}
	p.mu.Unlock()
	return x.run(ctx, cancel)
}

// checkFile answers what needs no child.
func (p *Pool) checkFile(path string) error {
	st, err := os.Stat(path)
	if err != nil {
		return doc.Failf(doc.CodeInternal, err, "The downloaded file is gone from the agent's disk; process the document again.")
	}
	switch {
	case st.IsDir():
		return doc.Failf(doc.CodeUnsupportedType, nil, "This is a folder, not a file; name the files in it.")
	case !st.Mode().IsRegular():
		return doc.Failf(doc.CodeUnsupportedType, nil, "This is not a regular file; upload a document.")
	case st.Size() == 0:
		return doc.Failf(doc.CodeEmptyFile, nil, "The file is empty (0 bytes); upload it again.")
	case st.Size() > p.cfg.MaxBytes:
		return doc.Failf(doc.CodeTooLarge, nil, "The file has %d MB, more than the limit of %d MB; split it or raise the limit (extract.max_bytes).", st.Size()>>20, p.cfg.MaxBytes>>20)
	}
	return nil
}

// run opens the file, has its pages read by one child or more and hands each to the caller.
func (x *extraction) run(ctx context.Context, cancel context.CancelCauseFunc) (doc.Info, error) {
	k, err := x.openFirst(ctx)
	if err != nil {
		return doc.Info{}, err
	}
	if x.opts.OnDocument != nil {
		if err := x.opts.OnDocument(x.doc); err != nil {
			x.p.release(k)
			return x.doc, err
		}
	}
	var runners sync.WaitGroup
	n := 1
	if x.doc.Random {
		n = min(x.p.cfg.Workers, max(1, x.doc.Pages))
	}
	runners.Go(func() { x.readPages(ctx, k) })
	for range n - 1 {
		runners.Go(func() {
			if x.worthHelper(ctx) {
				x.readPages(ctx, nil)
			}
		})
	}
	go func() { runners.Wait(); close(x.results) }()
	err = x.collect(ctx, cancel)
	return x.doc, err
}

// collect is the one goroutine that calls OnPage.
func (x *extraction) collect(ctx context.Context, cancel context.CancelCauseFunc) error {
	var stop error
	pages, failed, text := 0, 0, 0
	var first *doc.Fail
	for pg := range x.results {
		pages++
		// A small file can draw the same text on each of thousands of pages, and the caller holds all of them.
		if text += len(pg.Text); text > x.p.cfg.MaxTotal && stop == nil {
			stop = doc.Failf(doc.CodeTooLarge, nil, "The document holds more than %d MB of text; split it and upload the parts.", x.p.cfg.MaxTotal>>20)
			cancel(stop)
		}
		x.links.take(pg.Number, pg.Links)
		pg.Links = nil
		x.warnMissingLanguage(pg.Scan.Missing)
		for _, s := range pg.Warnings() {
			x.doc.Warn(s)
		}
		if pg.Err != nil {
			failed++
			if first == nil {
				first = pg.Err
			}
		}
		if stop == nil && x.opts.OnPage != nil {
			if err := x.opts.OnPage(pg); err != nil {
				stop = err
				cancel(err)
			}
		}
	}
	for _, l := range x.links {
		x.doc.Links.Add(l.Text, l.Target)
	}
	switch {
	case stop != nil:
		return stop
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case pages > 0 && failed == pages:
		return first
	}
	return nil
}

// nextPage takes the next page to read, counted from 0; -1 when there is none.
func (x *extraction) nextPage() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	for x.next < x.doc.Pages {
		i := x.next
		x.next++
		if x.next == x.doc.Pages {
			close(x.allTaken)
		}
		if x.opts.Skip == nil || !x.opts.Skip(i+1) {
			return i
		}
	}
	return -1
}

// readPages reads pages with one child at a time. When other documents wait it gives its child back after each
// page, so that they share the pool page by page.
func (x *extraction) readPages(ctx context.Context, k *child) {
	defer func() {
		if k != nil {
			x.p.release(k)
		}
	}()
	for ctx.Err() == nil {
		i := x.nextPage()
		if i < 0 {
			return
		}
		start := time.Now()
		var pg doc.Page
		k, pg = x.readPage(ctx, k, i)
		if ctx.Err() != nil {
			return
		}
		pg.Duration = time.Since(start)
		select {
		case x.results <- pg:
		case <-ctx.Done():
			return
		}
		// Another child would have to read the whole of a document that is not read page by page.
		if k != nil && x.doc.Random && (k.pages >= x.p.cfg.RecyclePages || x.p.shouldYield(k)) {
			x.p.release(k)
			k = nil
		}
	}
}

// readPage reads page i, once more in a fresh child when the first one dies over it.
func (x *extraction) readPage(ctx context.Context, k *child, i int) (*child, doc.Page) {
	pg := doc.Page{Number: i + 1, Method: doc.MethodEmpty}
	for try := 1; ; try++ {
		var err error
		if k == nil {
			if k, err = x.p.acquire(ctx, x.opts.Tenant); err != nil {
				pg.Err = x.failFor(ctx, err)
				return nil, pg
			}
		}
		if err = x.ensureOpen(ctx, k); err == nil {
			var got doc.Page
			if got, err = x.requestPage(ctx, k, i); err == nil {
				return k, got
			}
		}
		var fail *doc.Fail
		if errors.As(err, &fail) {
			pg.Err = fail
			return k, pg
		}
		x.logChildEnd(ctx, k, i, err)
		x.p.discard(k)
		k = nil
		if ctx.Err() != nil || try == 2 || errors.Is(err, errChildTimeout) {
			pg.Err = x.failFor(ctx, err)
			return nil, pg
		}
	}
}

// logChildEnd ends the child and says in the log why it ended; page i was asked for, -1 while the file was opened.
func (x *extraction) logChildEnd(ctx context.Context, k *child, i int, err error) {
	k.kill()
	if ctx.Err() != nil {
		return // it was ended because the caller gave up
	}
	x.p.cfg.Logger.Warn("extraction child ended", "page", i+1, "error", err, "exit", fmt.Sprint(k.waitErr), "said", k.stderr.Hints())
}

// failFor turns the end of a child into the page's or the document's error.
func (x *extraction) failFor(ctx context.Context, err error) *doc.Fail {
	switch {
	case ctx.Err() != nil, errors.Is(err, errClosed):
		return doc.Failf(doc.CodeInternal, err, "The extraction was stopped; process the document again.")
	case errors.Is(err, errChildTimeout):
		return doc.Failf(doc.CodeTimeout, err, "Reading took longer than the limit allows; print the document to a new PDF or split it, and upload that.")
	case errors.Is(err, errChildDied), errors.Is(err, errProtocol):
		return doc.Failf(doc.CodeCrash, err, "The reader crashed or ran out of memory twice on this content, which is damaged or made to do harm; print the document to a new PDF and upload that.")
	}
	return doc.Failf(doc.CodeInternal, err, "The extraction process could not be started; run `aidoc-agent doctor` on the agent's machine.")
}

// openFirst opens the document in a child, in a second one when the first dies or takes too long; that one leaves the files inside the document alone.
func (x *extraction) openFirst(ctx context.Context) (*child, error) {
	for try := 1; ; try++ {
		k, err := x.p.acquire(ctx, x.opts.Tenant)
		if err != nil {
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			return nil, x.failFor(ctx, err)
		}
		if err = x.ensureOpen(ctx, k); err == nil {
			return k, nil
		}
		var fail *doc.Fail
		if errors.As(err, &fail) {
			x.p.release(k)
			return nil, fail
		}
		x.logChildEnd(ctx, k, -1, err)
		x.p.discard(k)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if try == 2 {
			return nil, x.failFor(ctx, err)
		}
		x.alone = true
	}
}

// warnMissingLanguage warns of a language that a page is in and no installed model reads.
func (x *extraction) warnMissingLanguage(lang string) {
	if lang != "" {
		x.doc.Warn(fmt.Sprintf("A scanned page seems to be in a language whose recognition model is not installed; install tesseract-ocr-%s and process the document again.",
			strings.ReplaceAll(lang, "_", "-")))
	}
}
