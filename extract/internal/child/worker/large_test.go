package worker

import (
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/detect"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
)

// A large text is cut from its file into the pages that it gives in memory, whatever it is encoded in.
func TestLargeTextsAreReadFromTheirFile(t *testing.T) {
	for name, c := range map[string]struct {
		line    string
		streams bool
	}{
		"UTF-8":       {"Der Rat hat beschlossen, die Brücke zu flicken.\r\n", true},
		"Latin-1":     {"Der Rat hat beschlossen, die Br\xfccke f\xfcr \xf6ffentliche Wege zu \xe4ndern.\r\n", true},
		"EUC-JP":      {"\xb2\xf1\xb5\xc4\xa4\xcf\xbb\xd4\xb5\xc4\xa4\xce\xb6\xb6\xa4\xf2\xc4\xbe\xa4\xb9\n", true},
		"separators":  {"a line\u2028another\u2029a paragraph\rand one\n", true},
		"form feeds":  {"a page\fanother\n", false},
		"a few wrong": {"die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke die Br\u00fccke \xff\n", false},
	} {
		data := []byte(strings.Repeat(c.line, largeText/len(c.line)+2))
		if _, ok := streams(data); ok != c.streams {
			t.Errorf("%s: read from its file: %v", name, ok)
		}
		src, err := openText(detect.Kind{Format: "txt"}, formattest.Save(t, "f.txt", data))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := src.(*doc.Static).Texts; !slices.Equal(got, flow.Paginate(encodings.Decode(data))) {
			t.Errorf("%s: other pages than in memory", name)
		}
	}
}
