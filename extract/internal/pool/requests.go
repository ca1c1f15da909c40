package pool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// ensureOpen makes k have the file open.
func (x *extraction) ensureOpen(ctx context.Context, k *child) error {
	if k.open == x {
		return nil
	}
	in := k.inputPath(x.id)
	if err := place(x.path, in); err != nil {
		_ = os.Remove(in)
		return doc.Failf(doc.CodeInternal, err, "The file could not be handed to the reader; check the space on the agent's disk.")
	}
	k.seq++
	langs := x.opts.Languages
	if len(langs) == 0 {
		langs = x.p.cfg.Languages
	}
	if langs == nil {
		langs = []string{}
	}
	limits := x.p.cfg.limits()
	limits.Known, limits.Pages = x.openedBefore()
	limits.Alone = x.alone
	f, err := k.request(ctx, wire.TOpen, wire.Open{Seq: k.seq, Path: in, Name: filepath.Base(x.opts.Name), Languages: langs, Limits: limits}, x.p.cfg.OpenTimeout, 0, nil)
	if err != nil {
		return err
	}
	switch f.Type {
	case wire.TFail:
		_ = os.Remove(in)
		return x.refusal(f, k.seq)
	case wire.TOpened:
		return x.acceptOpened(f, k)
	}
	return errProtocol
}

// openedBefore counts the openings of the file and says that it was opened before, by another child or by one that died over it, and how many
// pages were found then.
func (x *extraction) openedBefore() (known bool, pages int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.opens++
	return x.opens > 1, x.doc.Pages
}

// acceptOpened verifies what a child says of the file it opened: the first one describes it, the others agree.
func (x *extraction) acceptOpened(f wire.Frame, k *child) error {
	var m wire.Opened
	if err := f.Decode(&m); err != nil || m.Seq != k.seq || m.Info.Pages < 1 || m.Info.Pages > x.p.cfg.MaxPages || !printableInfo(m.Info) {
		return fmt.Errorf("answer to open: %w", errProtocol)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.doc.Pages == 0 {
		x.doc, x.doc.Random = m.Info, m.Random
	} else if m.Info.Pages != x.doc.Pages {
		return fmt.Errorf("%d pages, before %d: %w", m.Info.Pages, x.doc.Pages, errProtocol)
	}
	k.open, k.openSeq = x, m.Seq
	return nil
}

// refusal is the *doc.Fail that a child answered with, or an errProtocol.
func (x *extraction) refusal(f wire.Frame, seq uint64) error {
	var m wire.Fail
	if err := f.Decode(&m); err != nil || m.Seq != seq || !m.Code.FromReader() || m.Message == "" || !printableLine(m.Message, maxSentence) {
		return fmt.Errorf("refusal: %w", errProtocol)
	}
	e := &doc.Fail{Code: m.Code, Message: m.Message, Transient: m.Code.Transient()}
	if m.Detail != "" {
		e.Err = errors.New(m.Detail)
	}
	return e
}

// requestPage asks k for page i.
func (x *extraction) requestPage(ctx context.Context, k *child, i int) (doc.Page, error) {
	k.pages++
	f, err := k.request(ctx, wire.TPage, wire.Page{Seq: k.openSeq, Index: i}, x.p.cfg.PageTimeout, x.p.cfg.MaxText, func(f wire.Frame) error {
		var m wire.Slow
		if err := f.Decode(&m); err != nil || m.Seq != k.openSeq || m.Index != i || len(f.Body) > 0 {
			return fmt.Errorf("notice of a slow page: %w", errProtocol)
		}
		x.requestHelper()
		return nil
	})
	if errors.Is(err, errUnsolicited) {
		err = fmt.Errorf("%w: %w", errChildDied, err) // with this document open
	}
	if err != nil {
		return doc.Page{}, err
	}
	switch f.Type {
	case wire.TFail:
		return doc.Page{}, x.refusal(f, k.openSeq)
	case wire.TText:
		return verifyPage(f, k.openSeq, i)
	}
	return doc.Page{}, errProtocol
}

// place puts the file where the child may read it, without copying where the file system allows.
func place(src, dst string) error {
	if real, err := filepath.EvalSymlinks(src); err == nil {
		src = real
	}
	err := os.Link(src, dst)
	if err == nil || !errors.Is(err, syscall.EXDEV) && !errors.Is(err, syscall.EPERM) && !errors.Is(err, syscall.EMLINK) && !errors.Is(err, syscall.ENOSYS) && !errors.Is(err, syscall.EOPNOTSUPP) {
		if err != nil {
			return fmt.Errorf("link input: %w", err)
		}
		return nil
	}
	in, err := os.Open(src)
	if err != nil {
		return fmt.Errorf("copy input: %w", err)
	}
	defer in.Close()
	out, err := os.OpenFile(dst, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o400)
	if err != nil {
		return fmt.Errorf("copy input: %w", err)
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
