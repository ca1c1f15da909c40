package agent

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// statusEvery is how often a running agent tells its own machine how it does.
const statusEvery = 5 * time.Second

// Status is what `aidoc-agent status` shows of a running agent. It holds no document text.
type Status struct {
	PID          int          `json:"pid"`
	Version      string       `json:"version"`
	At           time.Time    `json:"at"`
	Slots        int          `json:"slots"`
	Draining     bool         `json:"draining"`
	Pressure     string       `json:"pressure,omitempty"`
	Window       *Window      `json:"window,omitempty"` // nil: documents are processed at all times
	Reload       *Reload      `json:"reload,omitempty"` // nil: the configuration is that of the start
	OutboxItems  int          `json:"outbox_items"`
	OutboxBytes  int64        `json:"outbox_bytes"`
	Sites        []SiteStatus `json:"sites"`
	Summariser   string       `json:"summariser"`
	Models       ModelStatus  `json:"models"`
	Batches      *BatchStatus `json:"batches,omitempty"` // nil: nothing waits for one
	ObjectStore  string       `json:"object_store"`
	OCRLanguages []string     `json:"ocr_languages"`
}

// Reload is how the configuration was last read anew.
type Reload struct {
	At    time.Time `json:"at,omitzero"`
	Error string    `json:"error,omitempty"` // why it was not taken; "": it was
	Later []string  `json:"later,omitempty"` // fields that wait for the next start
}

// Window tells whether documents are processed now, and when that changes.
type Window struct {
	Open    bool      `json:"open"`
	Changes time.Time `json:"changes,omitzero"` // not told where it never does
}

// windowOf is how hours stand now; nil where documents are processed at all times.
func windowOf(h *Hours, now time.Time) *Window {
	change, ok := h.Opens(now)
	open := h.Open(now)
	if open && !ok {
		return nil
	}
	return &Window{Open: open, Changes: change}
}

// SiteStatus is one site in a Status.
type SiteStatus struct {
	URL         string            `json:"url"`
	Identity    string            `json:"identity"` // of this agent there: hmac, ed25519
	Directive   string            `json:"directive"`
	LastContact time.Time         `json:"last_contact,omitzero"`
	LastError   string            `json:"last_error,omitempty"`
	Breaker     string            `json:"breaker"`              // of requests for work: closed, open, half_open
	AskedAgain  time.Time         `json:"asked_again,omitzero"` // while it is open: when the site is asked again, at the latest
	Doorbell    *wpclient.Hearing `json:"doorbell,omitempty"`   // nil: not known yet
	Waits       string            `json:"waits,omitempty"`      // for a model: why no document of this site is taken
	Why         string            `json:"why,omitempty"`        // why none is taken now, whatever it is
	Queue       *int              `json:"queue,omitempty"`      // documents that wait there, as the site said last, at most wpclient.MaxQueueDepth; nil: it does not say
	Agents      int               `json:"agents,omitempty"`     // that the site hears of, this one among them; 0: it has not said
	Done        int               `json:"done"`                 // since the process started
	Failed      int               `json:"failed"`
	Lost        int               `json:"lost"`
	Released    int               `json:"released"`
	Held        []HeldStatus      `json:"held"`

	MaxDocuments int      `json:"max_documents,omitempty"` // in work at a time; 0: as there is room
	Window       *Window  `json:"window,omitempty"`        // nil: its documents are processed at all times
	OwnWindows   bool     `json:"own_windows,omitempty"`   // the window is not that of the agent
	Model        string   `json:"model"`                   // who writes its summaries
	Languages    []string `json:"languages,omitempty"`     // to recognise with; none: those of the agent
	Labels       []string `json:"labels,omitempty"`
	Spend        []Spend  `json:"spend,omitempty"` // of a site with caps of its own
}

// HeldStatus is one lease in a SiteStatus.
type HeldStatus struct {
	JobID    int64     `json:"job_id"`
	Epoch    int64     `json:"epoch"`
	Filename string    `json:"filename"`
	Phase    string    `json:"phase"`
	Done     int       `json:"done"`
	Total    int       `json:"total"`
	Since    time.Time `json:"since"`
}

// writeStatus keeps the status file at path, "" for none, fresh until ctx ends, and removes it then: a file that is
// there but old means a process that died.
func writeStatus(ctx context.Context, path string, status func() Status, log *slog.Logger) {
	if path == "" {
		return
	}
	t := time.NewTicker(statusEvery)
	defer t.Stop()
	for {
		if err := replaceFile(path, status()); err != nil {
			log.Warn("status file was not written", "error", err.Error())
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			_ = os.Remove(path)
			return
		}
	}
}

// replaceFile writes v as JSON so that a reader sees the old file or the new one.
func replaceFile(path string, v any) error {
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".status-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(append(raw, '\n')); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
