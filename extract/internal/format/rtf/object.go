package rtf

import (
	"encoding/hex"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
)

// object reads the data of an object, which follows as digits up to the end of the group. Only the digits are looked at: what else programs
// put among them says nothing.
func (p *parser) object() {
	if len(p.doc.Objects) >= cfb.MaxObjects {
		return
	}
	var digits []byte
	for at := p.pos; at < len(p.in); at++ {
		c := p.in[at]
		if c == '{' || c == '}' || c == '\\' {
			break
		}
		if c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' {
			digits = append(digits, c)
		}
	}
	data := make([]byte, hex.DecodedLen(len(digits)))
	if n, _ := hex.Decode(data, digits[:len(digits)&^1]); n > 0 {
		if o, ok := cfb.OLE1(data[:n]); ok {
			p.doc.Objects = append(p.doc.Objects, o)
		}
	}
}
