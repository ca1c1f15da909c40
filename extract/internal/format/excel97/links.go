package excel97

import (
	"bytes"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// Flags of a hyperlink ([MS-OSHARED] 2.3.7.1).
const (
	linkMoniker      = 0x1
	linkDisplay      = 0x10
	linkFrame        = 0x80
	linkMonikerPlain = 0x100
)

// urlMoniker is the class of a moniker that is an address.
var urlMoniker = []byte{0xe0, 0xc9, 0xea, 0x79, 0xf9, 0xba, 0xce, 0x11, 0x8c, 0x82, 0x00, 0xaa, 0x00, 0x4b, 0xa9, 0x0b}

// hyperlink gives the target of a link record ([MS-XLS] 2.4.140), "" for one that leads to a file or a place in the workbook.
func hyperlink(d []byte) string {
	flags, at := le.U32(d, 28), 32
	for _, f := range []int{linkDisplay, linkFrame} {
		if flags&f != 0 {
			at += 4 + 2*min(le.U32(d, at), len(d))
		}
	}
	switch {
	case at >= len(d) || flags&linkMoniker == 0:
		return ""
	case flags&linkMonikerPlain != 0:
		at += 4
	case bytes.HasPrefix(d[at:], urlMoniker):
		at += len(urlMoniker) + 4
	default:
		return ""
	}
	url, _, _ := strings.Cut(le.UTF16(d[min(at, len(d)):]), "\x00")
	return url
}
