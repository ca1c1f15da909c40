package handover

import (
	"encoding/json"
	"fmt"

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
