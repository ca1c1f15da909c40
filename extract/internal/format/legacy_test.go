package format

import (
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb/cfbtest"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/excel97"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/outlook"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/ppt97"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/word97"
)

// FuzzFile opens the same hostile compound file as each of the old formats that live in one.
func FuzzFile(f *testing.F) {
	f.Add(cfbtest.File(cfbtest.WordFile(cfbtest.WordPara{Text: "one", List: 1}, cfbtest.WordPara{Text: "head", Style: 1}, cfbtest.WordPara{Text: "cell", End: 7})))
	f.Add(cfbtest.File(map[string][]byte{"Workbook": []byte(cfbtest.Biff), "\x05SummaryInformation": cfbtest.PropertyStream(map[int]string{2: "t"})}))
	f.Add(cfbtest.File(map[string][]byte{"PowerPoint Document": []byte("\x0f\x00\xe8\x03\x0c\x00\x00\x00\x00\x00\xa8\x0f\x04\x00\x00\x00text"), "Current User": make([]byte, 20)}))
	f.Add(cfbtest.File(cfbtest.Presentation(cfbtest.Deflated(cfbtest.File(cfbtest.WordFile(cfbtest.WordPara{Text: "embedded"}))))))
	f.Add(cfbtest.File(map[string][]byte{"__substg1.0_0037001F": cfbtest.Wide("subject"), "__attach_version1.0_#0/__substg1.0_37010102": []byte("data")}))
	f.Fuzz(func(t *testing.T, in []byte) {
		o, err := cfb.Open(in, 1<<20)
		if err != nil {
			return
		}
		_, _ = word97.Word(o, 0, nil)
		_, _ = excel97.Excel(o)
		_, _ = ppt97.PowerPoint(o)
		outlook.ReadMessage(o)
		cfb.Properties(o)
		cfb.Objects(o, ppt97.Objects(o)...)
		cfb.Unlock(o)
	})
}

// A table of sectors that points back to itself once made 8 MB of directory out of 2 KB of file,
// and each look into it walked 65536 entries.
func TestCyclicTablesOfSectorsEnd(t *testing.T) {
	b := cfbtest.File(map[string][]byte{"WordDocument": make([]byte, 4096)})
	table := b[len(b)-1024:]
	for i := range 64 {
		cfbtest.Put32(table, 4*i, 0)
	}
	cfbtest.Put32(b, 48, 0)
	start := time.Now()
	f, err := cfb.Open(b, 1<<20)
	if err == nil {
		_, _ = word97.Word(f, 0, nil)
		_, _ = excel97.Excel(f)
		if n := len(f.List()); n > len(b)/128 {
			t.Errorf("%d entries out of %d bytes", n, len(b))
		}
	}
	if d := time.Since(start); d > time.Second {
		t.Errorf("took %v", d)
	}
}
