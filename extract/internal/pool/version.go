package pool

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"sync"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
)

// rules counts changes of this package's own rules that change text. Raise it with every such change.
const rules = 16

// version names everything that decides what text a file gives.
func version(c Config, h wire.Hello) string {
	b, _ := json.Marshal([]any{c.Languages, h.Languages, c.MaxPages, c.MaxPixels, c.MaxUnpacked})
	sum := sha256.Sum256(b)
	return fmt.Sprintf("x%d-mupdf%s-tess%s-%s", rules, h.MuPDF, h.Tesseract, hex.EncodeToString(sum[:4]))
}

// buildID tells this binary from one that replaced it on disk while the agent runs.
var buildID = sync.OnceValue(func() string {
	id := ""
	if bi, ok := debug.ReadBuildInfo(); ok {
		id = bi.Main.Version
		for _, s := range bi.Settings {
			if s.Key == "vcs.revision" || s.Key == "vcs.time" {
				id += " " + s.Value
			}
		}
	}
	if exe, err := os.Executable(); err == nil {
		if st, err := os.Stat(exe); err == nil {
			id += fmt.Sprintf(" %d %d", st.Size(), st.ModTime().UnixNano())
		}
	}
	return id
})
