package extract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Every reason that this package gives for a file or a page that was not read says, after what is wrong, what to do.
func TestEveryReasonSaysWhatToDo(t *testing.T) {
	n := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if s := reasonIn(node); s != "" {
				n++
				if !strings.Contains(s, "; ") || !strings.HasSuffix(s, ".") || strings.Contains(strings.TrimSuffix(s, "."), ". ") {
					t.Errorf("%s: %q: want one sentence, what is wrong; what to do", path, s)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 25 {
		t.Errorf("only %d reasons were found", n)
	}
}

// reasonIn gives the sentence of a doc.Fail made in code, by a literal or by Failf, when what is wrong is the file's.
func reasonIn(node ast.Node) string {
	switch x := node.(type) {
	case *ast.CallExpr:
		if nameOf(x.Fun) == "Failf" && len(x.Args) > 2 && !internal(x.Args[0]) {
			return literal(x.Args[2])
		}
	case *ast.CompositeLit:
		if nameOf(x.Type) != "Fail" {
			return ""
		}
		code, message := ast.Expr(nil), ""
		for _, e := range x.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			switch kv.Key.(*ast.Ident).Name {
			case "Code":
				code = kv.Value
			case "Message":
				message = literal(kv.Value)
			}
		}
		if code != nil && !internal(code) {
			return message
		}
	}
	return ""
}

// internal says that code is that of this machine's own trouble.
func internal(code ast.Expr) bool { return nameOf(code) == "CodeInternal" }

// nameOf is the name of what e refers to, without its package.
func nameOf(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name
	case *ast.Ident:
		return x.Name
	}
	return ""
}

// literal is the string that is written at e, or the format of the Sprintf there.
func literal(e ast.Expr) string {
	if c, ok := e.(*ast.CallExpr); ok && len(c.Args) > 0 {
		e = c.Args[0]
	}
	if b, ok := e.(*ast.BasicLit); ok && b.Kind == token.STRING {
		s, _ := strconv.Unquote(b.Value)
		return s
	}
	return ""
}
