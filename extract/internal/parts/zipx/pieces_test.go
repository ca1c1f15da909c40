package zipx

import (
	"io"
	"strings"
	"testing"
)

// repeated gives head, n times body, and tail.
func repeated(head, body string, n int, tail string) io.Reader {
	const some = 1000
	parts := []io.Reader{strings.NewReader(head)}
	block := strings.Repeat(body, some)
	for ; n > 0; n -= some {
		parts = append(parts, strings.NewReader(block[:min(n, some)*len(body)]))
	}
	return io.MultiReader(append(parts, strings.NewReader(tail))...)
}

// A child of any number of nodes is handed over whole to the last of them, and no more than a bound of them is held at a time.
func TestEachHandsOverLargeChildrenInPieces(t *testing.T) {
	for name, c := range map[string]struct {
		in     io.Reader
		words  int
		pieces int  // at least
		rows   bool // pieces end between the kids of the child
	}{
		"a long table":   {repeated(`<d><body><tbl a="1">`, "<tr><tc>x</tc><tc>x</tc></tr>", 300_000, "</tbl><p>x</p></body></d>"), 600_001, 3, true},
		"one long row":   {repeated("<d><body><tbl><tr>", "<tc>x</tc>", 900_000, "</tr></tbl></body></d>"), 900_000, 2, false},
		"one paragraph":  {repeated("<d><body><p>", "<r>x</r>", 900_000, "</p></body></d>"), 900_000, 3, true},
		"not closed":     {repeated("<d><body><p>", "<r>x", 200, ""), 0, 0, false},
		"small children": {repeated("<d><body>", "<p>x</p>", 600_000, "</body></d>"), 600_000, 600_000, true},
	} {
		words, pieces := 0, 0
		err := Each(c.in, "body", func(n *Node) error {
			pieces++
			held := 0
			n.Walk(func(k *Node) bool {
				held++
				if k.Text == "x" {
					words++
				}
				return true
			})
			if held > mostNodes+MaxDepth {
				t.Errorf("%s: a piece of %d nodes", name, held)
			}
			if n.Name == "tbl" && c.rows {
				for _, tr := range n.Kids {
					if len(tr.Kids) != 2 || n.Get("a") != "1" {
						t.Fatalf("%s: a row was cut, or the table's attributes are lost", name)
					}
				}
			}
			return nil
		})
		if err != nil || words != c.words || pieces < c.pieces {
			t.Errorf("%s: %d words in %d pieces: %v", name, words, pieces, err)
		}
	}
}

// What stands between children that are handed over is not kept, however much of it there is; a large child comes as the same node each time.
func TestEachOfAPartKeepsNothing(t *testing.T) {
	in, _ := io.ReadAll(repeated("<d>", "\n <k/>", 3000, "</d>"))
	root, err := EachOf(strings.NewReader(string(in)), func(stack []*Node) bool { return len(stack) == 2 }, func(*Node) error { return nil })
	if err != nil || len(root.Kids) != 1 || len(root.Kids[0].Kids) > 1 {
		t.Errorf("%d nodes are left: %v", len(root.Kids[0].Kids), err)
	}
	large, _ := io.ReadAll(repeated("<d><k>", "<x/>", mostNodes+1000, "</k><k/></d>"))
	var seen []*Node
	if err := Parts(map[string][]byte{"p": large}, 1<<30).Each("p", func(n *Node) error { seen = append(seen, n); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 3 || seen[0] != seen[1] || seen[1] == seen[2] {
		t.Errorf("%d pieces, of the first child not all one node", len(seen))
	}
}
