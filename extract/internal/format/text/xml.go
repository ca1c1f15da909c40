package text

import (
	"bytes"
	"encoding/xml"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// XMLText is the text of an XML file of an unknown kind: one line for each element that has text.
func XMLText(data []byte) string {
	var out, cur strings.Builder // the lines are not held as a list: of many short ones it takes more than they do
	skip := 0
	flush := func() {
		if s := strings.Join(strings.Fields(cur.String()), " "); s != "" {
			if out.Len() > 0 {
				out.WriteByte('\n')
			}
			out.WriteString(s)
		}
		cur.Reset()
	}
	_ = zipx.Tokens(bytes.NewReader(data), func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			flush()
			if t.Name.Local == "binary" { // a picture of an e-book, in letters
				skip++
			}
		case xml.EndElement:
			flush()
			if t.Name.Local == "binary" {
				skip = max(0, skip-1)
			}
		case xml.CharData:
			if skip == 0 {
				cur.Write(t)
			}
		}
		return nil
	})
	flush()
	return out.String()
}
