package agent

import (
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/batch"
	"github.com/aidoc-pipeline/aidoc-agent/agent/fetch"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// SiteSettings are what the operator wants for one site. They can be replaced while the agent runs (Agent.Retune); a document in work keeps
// those it began with. The zero value is that of a site about which nothing was said.
type SiteSettings struct {
	// Open resolves a source that is not the site's own file route (offloaded media). It refuses what
	// the operator did not allow for this site. Nil: nothing but the file route.
	Open func(src wpclient.Source) (fetch.Opener, error)
	// LocalOnly: no text of this site may reach a remote model.
	LocalOnly bool
	Style     func(mime string) llm.Style // how summaries of a type are wanted; nil: all as usual
	Hours     *Hours                      // when its documents are processed; nil: as the agent's own
	// MaxDocuments is how many of its documents are in work at a time; 0: as there is room.
	MaxDocuments int
	Languages    []string // to recognise with; none: those of Settings
	Labels       []string // the operator's words for it, to be shown
	Model        *Model   // who writes its summaries; nil: the agent's own
	Vision       *Vision  // who reads its badly recognised pages; nil: nobody
}

// Vision is a model that reads pages, and which.
type Vision struct {
	Summariser llm.Summariser // whose model it is
	Below      float64        // confidence below which a recognised page is shown to it
	MaxPages   int            // of one document
}

// outage is why no page is shown to the model now, "" where it answers, or where localOnly documents are not shown to it anyway.
func (v *Vision) outage(localOnly bool) string {
	if v == nil || llm.VisionOf(v.Summariser).Bars(localOnly) != "" {
		return ""
	}
	o, _ := outageOf(v.Summariser)
	return o.Message
}

// Hours are when documents are processed.
type Hours struct {
	Open  func(now time.Time) bool
	Opens func(now time.Time) (change time.Time, ok bool) // when that changes; false: never
}

// note is what a site is told outside of them. It reads the time out of it: docs/protocol.md, POST /lease.
func (h *Hours) note(now time.Time) string {
	const note = "outside the processing window"
	until, ok := h.Opens(now)
	if !ok {
		return note
	}
	return note + " until " + until.UTC().Format(time.RFC3339)
}

// Model is who writes summaries.
type Model struct {
	Summariser llm.Summariser
	Writer     string       // as sites are told: provider/model, or the name of the embedded summariser
	Batch      batch.Policy // whose questions wait for a batch of its provider
}
