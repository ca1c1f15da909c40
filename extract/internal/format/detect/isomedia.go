package detect

import (
	"encoding/binary"
	"strings"
)

// isoMedia tells the pictures apart that share the container of MP4 video by the brands they name.
// HEIC is read; AVIF is not: no decoder that runs under the child's limits is at hand.
func isoMedia(b []byte) (Kind, bool) {
	end := min(len(b), int(min(binary.BigEndian.Uint32(b), 4096)))
	heif := false
	for i := 8; i+4 <= end; i += 4 {
		switch brand := string(b[i : i+4]); {
		case brand == "avif" || brand == "avis":
			return Kind{MIME: "image/avif", Label: "an AVIF picture", Advice: convert}, true
		case strings.HasPrefix(brand, "hei") || strings.HasPrefix(brand, "hev"):
			return Kind{Format: "heic", MIME: "image/heic"}, true
		case brand == "mif1" || brand == "msf1":
			heif = true // any codec; the others are named by brands of their own
		}
	}
	if heif {
		return Kind{Format: "heic", MIME: "image/heif"}, true
	}
	return Kind{}, false
}
