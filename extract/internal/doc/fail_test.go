package doc

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
)

// A code that somebody adds is either a reader's or one of the two that only the pool gives.
func TestEveryCodeIsAReadersOrThePools(t *testing.T) {
	pools := map[Code]bool{CodeTimeout: true, CodeCrash: true}
	file, err := parser.ParseFile(token.NewFileSet(), "fail.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || spec.Type == nil || len(spec.Values) != 1 {
			return true
		}
		if lit, ok := spec.Values[0].(*ast.BasicLit); ok {
			s, err := strconv.Unquote(lit.Value)
			if c := Code(s); err != nil || c.FromReader() == pools[c] {
				t.Errorf("%s: from a reader %v, from the pool %v: want one of them", spec.Names[0].Name, c.FromReader(), pools[c])
			}
			n++
		}
		return true
	})
	if n < 11 {
		t.Errorf("only %d codes were found", n)
	}
	if Code("magic").FromReader() {
		t.Error("a code that is not on the list may come from a reader")
	}
}

func TestOnlyTroubleOfThisMachineIsTransient(t *testing.T) {
	for _, c := range append([]Code{CodeTimeout, CodeCrash}, readerCodes...) {
		if f := Failf(c, nil, "m"); f.Transient != (c == CodeInternal || c == CodeLanguageMissing) {
			t.Errorf("%s: transient %v", c, f.Transient)
		}
	}
}
