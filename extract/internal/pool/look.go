package pool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/color"
	"image/jpeg"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

const (
	// SightSide is the longest side of a picture of a page, in pixels: what models look at before they scale down themselves.
	SightSide = 1568
	// maxSight bounds one picture, in bytes. A gray JPEG of that size has a third of it when all of it is noise.
	maxSight = 4 << 20
	// What a child says that recognition has read: words, and bytes of one.
	maxSure      = 200
	maxSureBytes = 80
)

// SightRules are what pictures of pages are made by: the same file and page give the same picture as long as they and Version are the same.
const SightRules = "sight-1"

// Look is one page to be shown, and the clockwise turn in degrees that makes it upright.
type Look struct{ Number, Turned int }

// Pictures gives pictures of pages of the file at path, in the order of looks, one at a time. A page that there is no picture of is
// given without one. It returns a *doc.Fail where the file cannot be opened, the error of give, and the cause of ctx when that ended.
func (p *Pool) Pictures(ctx context.Context, path string, opts Options, looks []Look, give func(doc.Sight) error) error {
	if err := p.beginUse(); err != nil {
		return err
	}
	defer p.busy.Done()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer p.onClose(cancel)()
	if err := p.checkFile(path); err != nil {
		return err
	}
	p.mu.Lock()
	p.extractions++
	x := &extraction{p: p, id: p.extractions, path: path, opts: opts, allTaken: make(chan struct{}), slowPage: make(chan struct{})}
	p.mu.Unlock()
	k, err := x.openFirst(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if k != nil {
			p.release(k)
		}
	}()
	for _, l := range looks {
		if k == nil { // the last one died over its page, which is left alone
			if k, err = x.openFirst(ctx); err != nil {
				return err
			}
		}
		s, err := x.requestSight(ctx, k, l)
		if err != nil {
			var fail *doc.Fail
			if !errors.As(err, &fail) {
				x.logChildEnd(ctx, k, l.Number-1, err)
				p.discard(k)
				k = nil
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			s = doc.Sight{Number: l.Number}
		}
		if err := give(s); err != nil {
			return err
		}
	}
	return nil
}

// requestSight asks k for one picture. What is not as it must be is an errProtocol.
func (x *extraction) requestSight(ctx context.Context, k *child, l Look) (doc.Sight, error) {
	f, err := k.request(ctx, wire.TLook, wire.Look{Seq: k.openSeq, Index: l.Number - 1, Turned: l.Turned, MaxSide: SightSide}, x.p.cfg.PageTimeout, maxSight, nil)
	if err != nil {
		return doc.Sight{}, err
	}
	switch f.Type {
	case wire.TFail:
		return doc.Sight{}, x.refusal(f, k.openSeq)
	case wire.TLooked:
		return verifySight(f, k.openSeq, l)
	}
	return doc.Sight{}, errProtocol
}

// verifySight takes what a child gives for a picture only where it is one, of the kind and the size that was asked for.
func verifySight(f wire.Frame, seq uint64, l Look) (doc.Sight, error) {
	var m wire.Looked
	if err := f.Decode(&m); err != nil || m.Seq != seq || m.Index != l.Number-1 {
		return doc.Sight{}, fmt.Errorf("picture: %w", errProtocol)
	}
	s := doc.Sight{Number: l.Number}
	if len(f.Body) == 0 {
		return s, nil
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(f.Body))
	if err != nil || c.ColorModel != color.GrayModel || c.Width < 1 || c.Height < 1 || max(c.Width, c.Height) > SightSide {
		return doc.Sight{}, fmt.Errorf("picture: %w", errProtocol)
	}
	if len(m.Sure) > maxSure || slices.ContainsFunc(m.Sure, func(w string) bool { return !printableLine(w, maxSureBytes) }) {
		return doc.Sight{}, fmt.Errorf("words of a picture: %w", errProtocol)
	}
	s.JPEG, s.Width, s.Height, s.Sure = f.Body, c.Width, c.Height, m.Sure
	return s, nil
}
