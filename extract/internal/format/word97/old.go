package word97

import (
	"bufio"
	"bytes"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// Offsets in the file header of Word 6 and 95, and its flag for a file that was saved fast: in pieces, as they were typed.
const (
	oldFrom, oldTo = 0x18, 0x1c
	oldClx         = 0x160
	oldInPieces    = 0x4
)

// oldWord reads Word 6 and 95, which keep 8-bit text in the main stream, in one run or in pieces. The language that the file states is
// that of the program, so the code page is the one that the text looks like.
func oldWord(main []byte, most int) []string {
	b, ok := oldPieces(main)
	if !ok {
		from, to := le.U32(main, oldFrom), le.U32(main, oldTo)
		if from >= to || from > len(main) {
			return nil
		}
		b = main[from:min(to, len(main))]
	}
	p := plain{most: most}
	r := bufio.NewReader(encodings.Guess(b).NewDecoder().Reader(bytes.NewReader(b)))
	for {
		c, _, err := r.ReadRune()
		if err != nil || p.full {
			return p.text() // of memory, and what cannot be decoded has become a letter that says so
		}
		p.rune(c)
	}
}

// oldPieces puts the text of a file that was saved fast together in its order; false where it is in one run.
func oldPieces(main []byte) ([]byte, bool) {
	if le.U16(main, 10)&oldInPieces == 0 {
		return nil, false
	}
	plc, ok := pieceTable(le.Bytes(main, le.U32(main, oldClx), le.U32(main, oldClx+4)))
	if !ok {
		return nil, false
	}
	var out []byte
	count := (len(plc) - 4) / 12
	for i := range max(0, count) {
		chars := le.U32(plc, 4*i+4) - le.U32(plc, 4*i)
		if chars <= 0 || chars > len(main) {
			continue
		}
		out = append(out, le.Bytes(main, le.U32(plc, 4*(count+1)+8*i+2), chars)...)
		if len(out) > 4*len(main) {
			break // pieces may name the same text again and again
		}
	}
	return out, len(out) > 0
}
