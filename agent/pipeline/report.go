package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// report puts the finished result into the outbox. From there on it is delivered whatever
// happens to this process; the lease is renewed until the site has answered.
func (j *job) report(ctx context.Context) error {
	id, err := j.env.Journal.ResultIDSoon(ctx, j.env.Site, j.lease.JobID, j.sha256)
	if err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("mint result id: %w", err)
		}
		id = uuid.NewString() // not kept: only a restart would need to find it again
	}
	res, err := j.result(id)
	if err != nil {
		return err
	}
	body, err := wpclient.EncodeResult(res)
	if err != nil {
		return err
	}
	if err := context.Cause(ctx); err != nil {
		return err // the right to this job ended while the result was built
	}
	j.hand.Close() // what is written after the delivery would stay behind
	j.h.SetReporting()
	return j.deliver(ctx, journal.Item{
		ID: id, Site: j.env.Site, JobID: j.lease.JobID, Epoch: j.lease.Epoch, Kind: journal.KindResult, Body: body, CreatedAt: time.Now(),
	})
}

func (j *job) result(id string) (wpclient.Result, error) {
	blocks, err := json.Marshal(j.summary.Blocks)
	if err != nil {
		return wpclient.Result{}, fmt.Errorf("encode blocks: %w", err)
	}
	ocr, failed, confidence := j.pages.tally()
	s := j.summary
	out := wpclient.Result{
		LeaseRef: j.lease.Ref(), ResultID: id, AttachmentID: j.lease.AttachmentID, SourceSHA256: j.sha256,
		Title: s.Title, SummaryMarkdown: s.Markdown, SummaryBlocks: blocks, Language: s.Language, WordCount: s.Words,
		Pages: max(j.doc.Pages, j.pages.len()), PagesOCR: ocr, PagesFailed: failed, Confidence: confidence, Chunks: s.Chunks,
		ProcessingMS: time.Since(j.started).Milliseconds(), Provider: s.Provider, Model: s.Model, PromptVersion: s.PromptVersion,
		TokensIn: s.TokensIn, TokensOut: s.TokensOut, CostUSD: s.CostUSD, S3TextKey: j.stored.Text, Artifacts: j.stored,
		Checkpoint: j.hand.RetryCheckpoint(), Agent: j.env.Agent.Name, AgentVersion: j.env.Agent.Version,
	}
	if j.lease.Budget != nil { // a site that does not know these fields would refuse the result
		out.Spent, out.Fallback = &j.spent, j.instead
		out.PagesRead = j.pagesRead()
		out.Claims, out.Checked, out.Hidden, out.TokensCached = s.Claims, s.Checked, s.Hidden, s.TokensCached
		out.PagesLow = j.pages.low()
	}
	if j.session.TakesTimings() {
		out.Timings = j.timings.told()
	}
	if j.session.TakesWarnings() {
		out.Warnings = j.warnings()
	}
	if j.session.TakesVision() {
		out.PagesVision = j.pages.byModel()
	}
	out.Instructed = j.lease.Instruction != "" && followsWishes(s)
	return out, nil
}

// warnings are what could not be read, those of pages that no model read first: of many others the last ones are left out.
func (j *job) warnings() []string {
	all := slices.Concat(j.unseen, j.doc.Warnings)
	return all[:min(len(all), wpclient.MaxWarnings)]
}

// byModel are the numbers of the pages that a model read.
func (p *pages) byModel() (numbers []int) {
	for _, h := range p.heads {
		if h.method == extract.MethodVision {
			numbers = append(numbers, h.number)
		}
	}
	return numbers
}

// pagesRead is the part of the document that the lease asked for; nil where that is all of it.
func (j *job) pagesRead() *wpclient.PageRange {
	s := spanOf(j.lease.Pages)
	if s.all(j.doc.Pages) {
		return nil
	}
	last := j.doc.Pages
	if s.last > 0 {
		last = min(last, s.last)
	}
	return &wpclient.PageRange{First: s.first, Last: last}
}

// lowConfidence is the confidence below which a recognised page is named to the editor: about every fourth word is in doubt.
const lowConfidence = 0.7

// low are the pages that were recognised with little confidence, in their order; of more than a result may name those with the least.
func (p *pages) low() []wpclient.PageConfidence {
	var low []wpclient.PageConfidence
	for _, h := range p.heads {
		if h.err == nil && h.method == extract.MethodOCR && h.confidence < lowConfidence && h.bytes > 0 {
			low = append(low, wpclient.PageConfidence{Page: h.number, Confidence: h.confidence})
		}
	}
	if len(low) > wpclient.MaxPagesLow {
		slices.SortStableFunc(low, func(a, b wpclient.PageConfidence) int { return cmp.Compare(a.Confidence, b.Confidence) })
		low = low[:wpclient.MaxPagesLow]
		slices.SortFunc(low, func(a, b wpclient.PageConfidence) int { return a.Page - b.Page })
	}
	return low
}

// tally counts pages that are pictures, whoever read them, and failed ones; confidence is the mean over OCRed pages weighted by
// length, nil where nothing was OCRed.
func (p *pages) tally() (ocr int, failed []int, confidence *float64) {
	failed = []int{}
	var sum, weight float64
	for _, h := range p.heads {
		if h.err != nil {
			failed = append(failed, h.number)
			continue
		}
		if h.method == extract.MethodVision {
			ocr++
		}
		if h.method == extract.MethodOCR {
			ocr++
			w := float64(h.bytes)
			sum += h.confidence * w
			weight += w
		}
	}
	if weight > 0 {
		c := sum / weight
		confidence = &c
	}
	return ocr, failed, confidence
}
