package cfb

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// embeddedOLE1 is the kind of an OLE 1 object that holds its data; others are links and pictures.
const embeddedOLE1 = 2

// OLE1 reads an object as Rich Text Format keeps it: version, kind, three names, the data of its program. The data is a compound file, a
// file of the shell's packager, or whatever an old program wrote.
func OLE1(b []byte) (Object, bool) {
	if le.U32(b, 4) != embeddedOLE1 {
		return Object{}, false
	}
	class, at := ole1String(b, 8)
	_, at = ole1String(b, at) // topic
	_, at = ole1String(b, at) // item
	data := le.Bytes(b, at+4, le.U32(b, at))
	if len(data) == 0 {
		return Object{}, false
	}
	if class == "Package" {
		return parsePackage(data)
	}
	return Object{Name: class, Data: data}, true
}

// ole1String reads a string with its length before it and a zero at its end, and says where the next field begins.
func ole1String(b []byte, at int) (string, int) {
	n := le.U32(b, at)
	s := le.Bytes(b, at+4, n)
	return strings.TrimRight(string(s), "\x00"), at + 4 + len(s)
}
