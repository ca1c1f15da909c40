package detect

import (
	"bytes"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// beforeRTF is what stands before the first brace of RTF that mail programs and web forms saved: line ends, a byte order mark, zeros.
const beforeRTF = "\xef\xbb\xbf \t\r\n\x00"

// rtfWords are control words that next to nothing but RTF has. TeX has \par too.
var rtfWords = pattern.Lazily(`\\(?:rtf1|ansi|ansicpg\d+|deff\d+|deflang\d+|viewkind\d|pard|f\d{1,3}|fs\d{1,3}|cf\d{1,2}|lang\d{3,5}|fonttbl|colortbl|uc\d|trowd|cellx\d+|'[0-9a-fA-F]{2})(?:[^A-Za-z0-9]|$)`)

// rtfTables begin what only RTF has.
var rtfTables = pattern.Lazily(`\{\\(?:fonttbl|colortbl|\*\\generator|stylesheet)\b`)

// looksRTF finds RTF whose first group is lost, which programs that read RTF show all the same: any two of its control words where the
// name says so, a table of its header and three of them where it does not.
func looksRTF(head []byte, ext string) bool {
	head = bytes.TrimLeft(head, beforeRTF)
	if ext != ".rtf" && !bytes.HasPrefix(head, []byte("{\\")) && !bytes.HasPrefix(head, []byte("\\")) {
		return false
	}
	n := len(rtfWords.FindAllIndex(head, 3))
	return n >= 2 && ext == ".rtf" || n >= 3 && rtfTables.Match(head)
}
