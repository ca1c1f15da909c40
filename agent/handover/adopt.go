package handover

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// Pages is where the read pages of one document are kept on this machine.
type Pages interface {
	Numbers(ctx context.Context) (map[int]bool, error) // of the pages that are there
	KeepPage(ctx context.Context, p extract.Page) error
}

// Adopt begins the reading of the document with this digest. It takes over what earlier holders of the job left of it: pages and model
// answers go where every summary of this agent looks first.
func (h *Handover) Adopt(ctx context.Context, sha256 string, pages Pages) {
	h.begin(sha256)
	have, err := pages.Numbers(ctx)
	if err != nil {
		return
	}
	read, steps := 0, 0
	for _, key := range h.found(ctx) {
		err := h.readSegment(ctx, key, func(l line) error {
			switch {
			case l.Page != nil && extract.ValidPage(*l.Page):
				if have[l.Page.Number] {
					return nil
				}
				have[l.Page.Number] = true
				read++
				return pages.KeepPage(ctx, *l.Page)
			case l.Step != nil && l.Key != "":
				steps++
				return h.opt.Answers.Put(ctx, l.Key, *l.Step)
			}
			return nil
		})
		if err != nil {
			h.opt.Log.Info("part of a checkpoint cannot be read here; that work is done again", "error", err.Error())
		}
	}
	if read+steps > 0 {
		h.opt.Log.Info("continuing another agent's work", "pages", read, "steps", steps)
	}
}

func (h *Handover) begin(sha256 string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sha256, h.names = sha256, h.opt.Job.Reading(h.opt.Epoch, sha256, h.opt.Extractor)
	h.mark.Batch = WaitingIn(h.opt.Checkpoint, sha256) // until somebody knows better
}

// found names the objects of earlier holders that are of use: those that the checkpoint names, and
// those that are there all the same.
func (h *Handover) found(ctx context.Context) []string {
	keys := h.named()
	for _, key := range keys {
		h.keep(key)
	}
	if h.opt.Epoch < 2 && len(h.opt.Checkpoint) == 0 {
		return keys
	}
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	for o, err := range h.opt.Store.List(ctx, h.opt.Job.Checkpoints()) {
		if err != nil {
			h.opt.Log.Info("the store was not searched for work of earlier holders", "error", err.Error())
			break
		}
		if h.names.IsOf(o.Key) && !slices.Contains(keys, o.Key) {
			keys = append(keys, o.Key)
		}
	}
	return keys
}

// named are the segments that the lease's checkpoint names, if it is of this document and reader.
func (h *Handover) named() []string {
	var c checkpoint
	if len(h.opt.Checkpoint) == 0 || json.Unmarshal(h.opt.Checkpoint, &c) != nil ||
		c.Format != checkpointFormat || c.SHA256 != h.sha256 || c.Extractor != h.opt.Extractor || len(c.Segments) > maxSegments {
		return nil
	}
	for _, key := range c.Segments {
		if !strings.HasPrefix(key, h.opt.Job.Checkpoints()) {
			h.opt.Log.Warn("checkpoint names an object outside its job; it is not read", "key", key)
			return nil
		}
	}
	return c.Segments
}

// keep lets a segment of an earlier holder travel on with this one's.
func (h *Handover) keep(key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.mark.Segments = append(h.mark.Segments, key)
}

func (h *Handover) readSegment(ctx context.Context, key string, each func(line) error) error {
	body, _, err := h.opt.Store.Get(ctx, key)
	if err != nil {
		return err
	}
	defer body.Close()
	r := bufio.NewReader(io.LimitReader(body, maxSegmentBytes))
	for {
		raw, err := r.ReadBytes('\n')
		if err == io.EOF {
			return nil // a line without an end was cut off: it is not taken
		}
		if err != nil {
			return err
		}
		var l line
		if json.Unmarshal(raw, &l) != nil {
			return fmt.Errorf("segment %s is damaged", key)
		}
		if err := each(l); err != nil {
			return err
		}
	}
}
