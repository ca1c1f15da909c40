package worker

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb/cfbtest"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// A compound file with the header of Hangul is opened by its reader.
func TestHangulDocument(t *testing.T) {
	head := make([]byte, 256)
	copy(head, "HWP Document File")
	head[35] = 5 // the version
	text := cfbtest.Wide("다리를 고친다")
	section := append([]byte{0x42, 0, 0x60, 1}, make([]byte, 22)...) // the header of a paragraph
	section = append(section, 0x43, 4, byte(len(text)<<4), byte(len(text)>>4))
	section = append(section, text...)
	f := cfbtest.Open(t, cfb.Open, 1<<20, map[string][]byte{"FileHeader": head, "BodyText/Section0": section})
	s, err := readOLE(f, formattest.Limits)
	if got := formattest.Pages(t, s, err); !strings.Contains(got, "다리를 고친다") {
		t.Errorf("%q", got)
	}
}
