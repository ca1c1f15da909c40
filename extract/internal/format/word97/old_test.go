package word97

import (
	"encoding/binary"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// oldFile is a main stream of Word 95 whose text stands in pieces: each at the place that it was typed.
func oldFile(flags uint16, stored string, pieces [][2]int) []byte {
	le := binary.LittleEndian
	const text = 0x300
	b := make([]byte, text)
	le.PutUint16(b, 0xa5dc)
	le.PutUint16(b[2:], 100)
	le.PutUint16(b[10:], flags)
	le.PutUint32(b[oldFrom:], text)
	le.PutUint32(b[oldTo:], uint32(text+len(stored)))
	b = append(b, stored...)
	le.PutUint32(b[oldClx:], uint32(len(b)))
	clx := []byte{1, 2, 0, 9, 9, 2} // one format of a piece, then the table
	clx = le.AppendUint32(clx, uint32(12*len(pieces)+4))
	cp := 0
	for _, p := range pieces {
		clx = le.AppendUint32(clx, uint32(cp))
		cp += p[1]
	}
	clx = le.AppendUint32(clx, uint32(cp))
	for _, p := range pieces {
		clx = le.AppendUint16(le.AppendUint32(le.AppendUint16(clx, 0), uint32(text+p[0])), 0)
	}
	le.PutUint32(b[oldClx+4:], uint32(len(clx)))
	return append(b, clx...)
}

func TestOldWord(t *testing.T) {
	czech, err := charmap.Windows1250.NewEncoder().String("Výbor rozhodl opravit most na jaře.\rPráce začnou v dubnu.\r")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"one run":     {oldFile(0, "The council agreed.\rWork begins.\r", nil), "The council agreed.\n\nWork begins."},
		"Czech":       {oldFile(0, czech, nil), "Výbor rozhodl opravit most na jaře.\n\nPráce začnou v dubnu."},
		"saved fast":  {oldFile(oldInPieces, " agreed.\rThe council", [][2]int{{9, 11}, {0, 9}}), "The council agreed."},
		"no table":    {oldFile(oldInPieces, "The council agreed.\r", nil), "The council agreed."},
		"beyond file": {oldFile(oldInPieces, "The council", [][2]int{{0, 11}, {5000, 9}, {0, 1 << 30}}), "The council"},
	} {
		if got := strings.Join(oldWord(c.file, 0), ""); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	many := make([][2]int, 3000)
	for i := range many {
		many[i] = [2]int{0, 11}
	}
	file := oldFile(oldInPieces, "The council", many)
	if b, _ := oldPieces(file[:0x300+11]); b != nil {
		t.Errorf("a table that is cut off: %d bytes", len(b))
	}
}

func FuzzOldWord(f *testing.F) {
	f.Add(oldFile(oldInPieces, " agreed.\rThe council", [][2]int{{9, 11}, {0, 9}}))
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) > 0x1aa {
			if b, _ := oldPieces(in); len(b) > 5*len(in) {
				t.Errorf("%d bytes of %d", len(b), len(in))
			}
			oldWord(in, 0)
		}
	})
}
