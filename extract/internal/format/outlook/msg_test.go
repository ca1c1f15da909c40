package outlook

import (
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/traditionalchinese"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb/cfbtest"
)

// Old messages hold bytes; which code page they are in a property says, or nothing does.
func TestMessagesOfOtherCodePages(t *testing.T) {
	body, _ := traditionalchinese.Big5.NewEncoder().Bytes([]byte("這是一個中文檔案,裡面有一些句子。"))
	cyrillic, _ := charmap.Windows1251.NewEncoder().Bytes([]byte("Добрый день"))
	props := make([]byte, 48)
	cfbtest.Put32(props, 32, 0x3fde0003)
	cfbtest.Put32(props, 40, 1251)
	for name, c := range map[string]struct {
		streams map[string][]byte
		want    string
	}{
		"guessed": {map[string][]byte{"__substg1.0_1000001E": body}, "這是一個中文檔案,裡面有一些句子。"},
		"stated":  {map[string][]byte{"__substg1.0_1000001E": cyrillic, "__properties_version1.0": props}, "Добрый день"},
	} {
		if got := ReadMessage(cfbtest.Open(t, cfb.Open, 64<<20, c.streams)).Body; got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
