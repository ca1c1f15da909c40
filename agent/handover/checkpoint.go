package handover

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
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
	Spent     *Spent   `json:"spent,omitempty"`
	Batch     *Waiting `json:"batch,omitempty"`
}

// Waiting says that a holder's questions about the document wait for a provider's batch, so that no other agent pays for them again.
type Waiting struct {
	Account string `json:"account"`  // provider, host, fingerprint of the key
	SinceMS int64  `json:"since_ms"` // when the first of them was put
	UntilMS int64  `json:"until_ms"` // when others may take it that nothing comes any more
	Spent   Spent  `json:"spent"`    // what they may cost; not in the checkpoint's own sum
	// Epoch is of the lease under which the site was told of Spent, Direct what it was told of beside it.
	Epoch  int64 `json:"epoch"`
	Direct Spent `json:"direct"`
}

// longestWait bounds what is believed of a checkpoint: no batch takes longer.
const longestWait = 7 * 24 * time.Hour

// WaitingIn reads what a checkpoint says that the document with this digest waits for; nil where that is nothing, or makes no sense.
func WaitingIn(raw json.RawMessage, sha256 string) *Waiting {
	var c checkpoint
	if len(raw) == 0 || json.Unmarshal(raw, &c) != nil || c.Format != checkpointFormat || c.SHA256 != sha256 || c.Batch == nil {
		return nil
	}
	w := c.Batch
	if w.Spent.Tokens < 0 || w.Spent.USD < 0 || w.UntilMS < w.SinceMS || w.UntilMS-w.SinceMS > longestWait.Milliseconds() {
		return nil
	}
	return w
}

// Spent is what models have cost for the document so far, over all holders of the job.
type Spent struct {
	Tokens int64   `json:"tokens"`
	USD    float64 `json:"usd"`
}

// SpentIn reads what a checkpoint says that the document with this digest has cost; nothing where it says none, or is of another one.
func SpentIn(raw json.RawMessage, sha256 string) Spent {
	var c checkpoint
	if len(raw) == 0 || json.Unmarshal(raw, &c) != nil || c.Format != checkpointFormat || c.SHA256 != sha256 || c.Spent == nil ||
		c.Spent.Tokens < 0 || c.Spent.USD < 0 {
		return Spent{}
	}
	return *c.Spent
}

// line is one line of a segment: a finished page or a finished model call.
type line struct {
	Page *extract.Page   `json:"page,omitempty"`
	Key  string          `json:"key,omitempty"`
	Step *llm.Completion `json:"step,omitempty"`
}

// Segments are the objects that a checkpoint names; none where there is no checkpoint.
func Segments(raw json.RawMessage) ([]string, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var c checkpoint
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, fmt.Errorf("read a checkpoint: %w", err)
	}
	return c.Segments, nil
}
