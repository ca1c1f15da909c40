package excel97

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numfmt"
)

func codepage(n int) int {
	switch n {
	case 0x8000:
		return 10000
	case 0x8001:
		return 1252
	}
	return n
}

func (w *workbook) bytes(b []byte) string { return encodings.With(w.enc, b) }

// shortUnicode has a one-byte count, longUnicode a two-byte one; both a flag for 16 bits.
func shortUnicode(d []byte) string {
	if len(d) < 2 {
		return ""
	}
	return unicodeBody(d[2:], int(d[0]), d[1])
}

func longUnicode(d []byte) string {
	if len(d) < 3 {
		return ""
	}
	n, flags, d := le.U16(d, 0), d[2], d[3:]
	if flags&8 != 0 && len(d) >= 2 {
		d = d[2:]
	}
	if flags&4 != 0 && len(d) >= 4 {
		d = d[4:]
	}
	return unicodeBody(d, n, flags)
}

func unicodeBody(d []byte, n int, flags byte) string {
	if flags&1 != 0 {
		return le.UTF16(d[:min(len(d), 2*n)])
	}
	return le.Latin1(d[:min(len(d), n)])
}

func (w *workbook) text(parts [][]byte) string {
	if w.biff8 {
		return longUnicode(parts[0])
	}
	if len(parts[0]) < 2 {
		return ""
	}
	return w.bytes(parts[0][2:])
}

func (w *workbook) number(v float64, xf int) string {
	if xf < 0 || xf >= len(w.xfs) {
		return numfmt.General(v)
	}
	return numfmt.Format(v, w.formats.Of(w.xfs[xf]), w.date1904)
}

// txo is the text of a text box or comment: its characters stand in the continuation.
func txo(parts [][]byte) string {
	n := le.U16(parts[0], 10)
	var b strings.Builder
	for _, p := range parts[1:] {
		if n <= 0 || len(p) == 0 {
			break
		}
		s := unicodeBody(p[1:], n, p[0])
		if p[0]&1 != 0 {
			n -= (len(p) - 1) / 2
		} else {
			n -= len(p) - 1
		}
		b.WriteString(s)
	}
	return b.String()
}
