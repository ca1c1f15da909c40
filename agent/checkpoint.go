package agent

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

const (
	// A checkpoint must stay below the protocol's 16 KiB.
	maxSegments      = 120
	maxSegmentBytes  = 64 << 20
	checkpointFormat = 1
)

// checkpoint travels with the lease. It names what is done; the content is in the object store.
type checkpoint struct {
	Format    int      `json:"v"`
	SHA256    string   `json:"sha256"`
	Extractor string   `json:"extractor"`
	Pages     int      `json:"pages"` // done
	Steps     int      `json:"steps"` // done
	Segments  []string `json:"segments"`
}

// names of what is stored for this job; those of pages are valid once the document's digest is known.
func (j *job) names() artifact.Reading {
	return artifact.Of(j.a.set.Key, j.s.url, j.lease.JobID).Reading(j.lease.Epoch, j.sha256, j.a.opt.Extractor.Version())
}

// adopt takes over what an earlier holder of this job left: pages and model answers go into this
// agent's journal, where every step looks first.
func (j *job) adopt(ctx context.Context) {
	have, err := j.reading().pages(ctx)
	if err != nil {
		return
	}
	pages, steps := 0, 0
	for _, key := range j.legacy(ctx) {
		err := j.readSegment(ctx, key, func(l line) error {
			switch {
			case l.Page != nil && l.Page.Err == nil && l.Page.Number > 0:
				if _, ok := have[l.Page.Number]; ok {
					return nil
				}
				have[l.Page.Number] = *l.Page
				pages++
				return j.reading().keepPage(ctx, *l.Page)
			case l.Step != nil && l.Key != "":
				steps++
				return j.a.opt.Journal.Put(ctx, l.Key, *l.Step)
			}
			return nil
		})
		if err != nil {
			j.log.Info("part of a checkpoint cannot be read here; that work is done again", "error", err.Error())
		}
	}
	if pages+steps > 0 {
		j.log.Info("continuing another agent's work", "pages", pages, "steps", steps)
	}
}

// legacy names the objects of earlier holders that are of use: those that the checkpoint names, and
// those that are there all the same.
func (j *job) legacy(ctx context.Context) []string {
	keys := j.named()
	for _, key := range keys {
		j.hand.keep(key)
	}
	if j.lease.Epoch < 2 && len(j.lease.Checkpoint) == 0 {
		return keys
	}
	ctx, cancel := context.WithTimeout(ctx, stepTime)
	defer cancel()
	for o, err := range j.a.opt.Store.List(ctx, j.names().Checkpoints()) {
		if err != nil {
			j.log.Info("the store was not searched for work of earlier holders", "error", err.Error())
			break
		}
		if j.names().IsOf(o.Key) && !slices.Contains(keys, o.Key) {
			keys = append(keys, o.Key)
		}
	}
	return keys
}

// named are the segments that the lease's checkpoint names, if it is of this document and reader.
func (j *job) named() []string {
	var c checkpoint
	if len(j.lease.Checkpoint) == 0 || json.Unmarshal(j.lease.Checkpoint, &c) != nil ||
		c.Format != checkpointFormat || c.SHA256 != j.sha256 || c.Extractor != j.a.opt.Extractor.Version() || len(c.Segments) > maxSegments {
		return nil
	}
	for _, key := range c.Segments {
		if !strings.HasPrefix(key, j.names().Checkpoints()) {
			j.log.Warn("checkpoint names an object outside its job; it is not read", "key", key)
			return nil
		}
	}
	return c.Segments
}

// keep lets a segment of an earlier holder travel on with this one's.
func (h *handover) keep(key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.mark.Segments = append(h.mark.Segments, key)
}

func (j *job) readSegment(ctx context.Context, key string, each func(line) error) error {
	body, _, err := j.a.opt.Store.Get(ctx, key)
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

// tidy removes what holders of a job left below its checkpoint folder, except keep. Only who knows
// that nobody goes on with the job may call it: the site has its result, or wants none.
func (s *session) tidy(ctx context.Context, jobID int64, keep []string) {
	log := s.log.With("job_id", jobID)
	var gone []string
	for o, err := range s.a.opt.Store.List(ctx, artifact.Of(s.a.set.Key, s.url, jobID).Checkpoints()) {
		if err != nil {
			log.Info("what holders of the job left in the store was not removed", "error", err.Error())
			return
		}
		if !slices.Contains(keep, o.Key) {
			gone = append(gone, o.Key)
		}
	}
	for _, key := range gone {
		if err := s.a.opt.Store.Delete(ctx, key); err != nil {
			log.Info("checkpoint was not removed", "key", key, "error", err.Error())
		}
	}
}

// tidyAfter removes what is of no more use once the site has spoken about a result.
func (s *session) tidyAfter(ctx context.Context, jobID int64, body []byte, err error) {
	var r struct {
		Checkpoint checkpoint `json:"checkpoint"`
	}
	switch kind := wpclient.KindOf(err); {
	case err == nil:
		if json.Unmarshal(body, &r) != nil {
			return
		}
	case kind != wpclient.Cancelled && kind != wpclient.SourceChanged:
		return // another holder may go on with it
	}
	// An agent that ends leaves nothing behind either.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyTime)
	defer cancel()
	s.tidy(ctx, jobID, r.Checkpoint.Segments)
}
