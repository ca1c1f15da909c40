package arch

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strings"
	"testing"
)

// withCodes are the packages whose errors have codes.
var withCodes = []string{"extract", "llm", "agent/fetch", "agent/journal", "agent/objectstore", "wpclient"}

// Whether a failure is tried again stands in the manual as the code has it.
func TestClassesInTheManualAreThoseOfTheCode(t *testing.T) {
	c := classes{t: t, names: map[string]string{}, found: map[string]map[string]bool{}}
	for _, folder := range withCodes {
		c.nameCodes(folder)
	}
	for _, folder := range []string{"agent/fetch", "agent/journal", "agent/objectstore"} {
		c.byCase(folder, "Retryable", folder, "transient", "permanent")
	}
	c.byCase("agent/failure", "permanentModel", "llm", "permanent", "transient")
	c.byComparison("extract")
	for _, folder := range []string{"extract", "agent"} {
		c.literals(folder)
	}
	told := rows(section(t, "What an error code means"), 1)
	if len(told) < 50 {
		t.Errorf("only %d codes were found in the manual", len(told))
	}
	for code, class := range told {
		if !c.found[code][class] || len(c.found[code]) != 1 {
			t.Errorf("%s calls %s %s, in the code it is %v", manual, code, class, c.found[code])
		}
	}
	for code := range c.found {
		if told[code] == "" {
			t.Errorf("%s does not say whether %s is tried again", manual, code)
		}
	}
}

// What an agent concludes from a signed code stands in the manual as wpclient has it.
func TestKindsInTheManualAreThoseOfTheClient(t *testing.T) {
	values, kinds := constants(t, "wpclient"), map[string]string{}
	eachNode(t, "wpclient", func(n ast.Node) {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Names[0].Name != "kinds" {
			return
		}
		for _, e := range spec.Values[0].(*ast.CompositeLit).Elts {
			kv := e.(*ast.KeyValueExpr)
			kinds[values[kv.Key.(*ast.Ident).Name]] = values[kv.Value.(*ast.Ident).Name]
		}
	})
	if len(kinds) < 15 {
		t.Fatalf("only %d kinds were found", len(kinds))
	}
	told := map[string]string{}
	for code, kind := range rows(section(t, "When something stands between"), 1) {
		if strings.HasPrefix(code, "aidoc_") && regexp.MustCompile(`^[a-z_]+$`).MatchString(kind) {
			told[code] = kind
		}
	}
	for code, kind := range kinds {
		if told[code] != kind {
			t.Errorf("%s calls %s %q, wpclient %s", manual, code, told[code], kind)
		}
	}
	for code := range told {
		if kinds[code] == "" {
			t.Errorf("%s explains %s, of which wpclient has no kind", manual, code)
		}
	}
}

// rows are the codes in the first column of the tables of a text, each with the text of the column named.
func rows(text string, column int) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "| `") || len(cells) <= column {
			continue
		}
		for _, code := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[0], -1) {
			out[code[1]] = strings.TrimSpace(cells[column])
		}
	}
	return out
}

// constants are the string constants of a package by name.
func constants(t *testing.T, folder string) map[string]string {
	t.Helper()
	out := map[string]string{}
	eachNode(t, folder, func(n ast.Node) {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Names) == 1 && len(spec.Values) == 1 {
			if value, ok := text(spec.Values[0]); ok {
				out[spec.Names[0].Name] = value
			}
		}
	})
	return out
}

// classes collects what the syntax of the code says of each error code: transient, permanent, or a crash.
type classes struct {
	t     *testing.T
	names map[string]string          // "fetch.CodeDisk": "disk_error"
	found map[string]map[string]bool // by code
}

func (c *classes) note(code, class string) {
	if c.found[code] == nil {
		c.found[code] = map[string]bool{}
	}
	c.found[code][class] = true
}

func (c *classes) nameCodes(folder string) {
	for name, value := range constants(c.t, folder) {
		if strings.HasPrefix(name, "Code") {
			c.names[path.Base(folder)+"."+name] = value
		}
	}
}

// codesOf are the codes of one package.
func (c *classes) codesOf(folder string) (codes []string) {
	for name, code := range c.names {
		if strings.HasPrefix(name, path.Base(folder)+".") {
			codes = append(codes, code)
		}
	}
	return codes
}

// value resolves a literal, a constant and string(constant); "" for what only a run knows.
func (c *classes) value(folder string, e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, _ := text(e)
		return s
	case *ast.Ident:
		return c.names[path.Base(folder)+"."+e.Name]
	case *ast.SelectorExpr:
		if pkg, ok := e.X.(*ast.Ident); ok {
			return c.names[pkg.Name+"."+e.Sel.Name]
		}
	case *ast.CallExpr:
		if fun, ok := e.Fun.(*ast.Ident); ok && fun.Name == "string" {
			return c.value(folder, e.Args[0])
		}
	}
	return ""
}

// byCase gives the codes that a function's one case names one class, and the package's others the other.
func (c *classes) byCase(folder, function, of, named, others string) {
	in := map[string]bool{}
	eachNode(c.t, folder, func(n ast.Node) {
		f, ok := n.(*ast.FuncDecl)
		if !ok || f.Name.Name != function {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if clause, ok := n.(*ast.CaseClause); ok {
				for _, e := range clause.List {
					in[c.value(of, e)] = true
				}
			}
			return true
		})
	})
	if len(in) == 0 {
		c.t.Errorf("%s has no function %s with a case", folder, function)
	}
	for _, code := range c.codesOf(of) {
		if in[code] {
			c.note(code, named)
		} else {
			c.note(code, others)
		}
	}
}

// byComparison gives the code that what is called Transient is compared with the class transient, and the package's others permanent.
func (c *classes) byComparison(folder string) {
	transient := map[string]bool{}
	compared := func(n ast.Node) bool {
		if equal, ok := n.(*ast.BinaryExpr); ok && equal.Op == token.EQL {
			if code := c.value(folder, equal.Y); code != "" {
				transient[code] = true
			}
		}
		return true
	}
	eachNode(c.t, folder, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if keyName(n) == "Transient" {
				ast.Inspect(n.Value, compared)
			}
		case *ast.FuncDecl:
			if n.Name.Name == "Transient" {
				ast.Inspect(n, compared)
			}
		}
	})
	if len(transient) == 0 {
		c.t.Errorf("%s compares no code with a transient one", folder)
	}
	for _, code := range c.codesOf(folder) {
		if transient[code] {
			c.note(code, "transient")
		} else {
			c.note(code, "permanent")
		}
	}
}

// literals notes the class of every error and failure that is written down as such.
func (c *classes) literals(folder string) {
	eachNode(c.t, folder, func(n ast.Node) {
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return
		}
		fields := map[string]ast.Expr{}
		for _, e := range lit.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				fields[keyName(kv)] = kv.Value
			}
		}
		code := ""
		if fields["Code"] != nil {
			code = c.value(folder, fields["Code"])
		}
		if code == "" {
			return
		}
		switch typeName(lit) {
		case "Failure", "failure.Failure":
			c.noteFlag(code, fields["Permanent"], "permanent", "transient")
		case "extract.Error":
			c.noteFlag(code, fields["Transient"], "transient", "permanent")
		case "Error", "Fail", "doc.Fail":
			if folder == "extract" {
				c.noteFlag(code, fields["Transient"], "transient", "permanent")
			}
		case "wpclient.FailRequest": // sent for an earlier process, past every Failure
			c.note(code, "crash")
		}
	})
}

func keyName(kv *ast.KeyValueExpr) string {
	if id, ok := kv.Key.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

func typeName(lit *ast.CompositeLit) string {
	switch t := lit.Type.(type) {
	case *ast.Ident:
		return t.Name
	case *ast.SelectorExpr:
		if pkg, ok := t.X.(*ast.Ident); ok {
			return pkg.Name + "." + t.Sel.Name
		}
	}
	return ""
}

// noteFlag notes one class where the flag is true and the other where it is left out; what only a run knows is for byComparison.
func (c *classes) noteFlag(code string, flag ast.Expr, set, unset string) {
	if flag == nil {
		c.note(code, unset)
	} else if id, ok := flag.(*ast.Ident); ok && id.Name == "true" {
		c.note(code, set)
	}
}
