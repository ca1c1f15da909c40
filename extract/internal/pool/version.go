package pool

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
)

// rules counts changes of this package's own rules that change text. Raise it with every such change.
const rules = 18

// version names everything that decides what text a file gives.
func version(c Config, h wire.Hello) string {
	b, _ := json.Marshal([]any{c.Languages, h.Languages, c.MaxPages, c.MaxPixels, c.MaxUnpacked})
	sum := sha256.Sum256(b)
	return fmt.Sprintf("x%d-mupdf%s-tess%s-%s", rules, h.MuPDF, h.Tesseract, hex.EncodeToString(sum[:4]))
}
