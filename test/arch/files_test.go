package arch

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The files of package agent refer to each other in one direction only: a part is given what it needs and knows nobody above it.
func TestFilesOfTheAgentFormNoCycle(t *testing.T) {
	uses, n := fileUses(t, "agent"), 0
	for _, to := range uses {
		n += len(to)
	}
	if n < 40 {
		t.Fatalf("only %d references between files were found", n)
	}
	if c := cycle(uses); c != nil {
		t.Errorf("files of package agent refer to each other in a circle: %s. Give the lower one what it needs: a value, a function, an interface.", strings.Join(c, " → "))
	}
}

func TestCyclesAreFound(t *testing.T) {
	up := map[string]map[string]bool{"a": {"b": true}, "b": {"c": true}, "d": {"a": true}}
	if c := cycle(up); c != nil {
		t.Errorf("a cycle was found where none is: %v", c)
	}
	up["c"] = map[string]bool{"a": true}
	if c := cycle(up); len(c) != 4 || c[0] != c[3] {
		t.Errorf("found %v", c)
	}
}

// fileUses tells, for each file of a package, in which other files what it uses is declared: types, functions, methods, fields. The
// receiver of a method is not counted: a method belongs to the file it stands in.
func fileUses(t *testing.T, folder string) map[string]map[string]bool {
	t.Helper()
	exports, dir, names := exportsOf(t, folder)
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		f, err := parser.ParseFile(set, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })}
	pkg, err := conf.Check(folder, set, files, info)
	if err != nil {
		t.Fatal(err)
	}
	receivers := map[*ast.Ident]bool{}
	for _, f := range files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil {
				ast.Inspect(fn.Recv, func(n ast.Node) bool {
					if id, ok := n.(*ast.Ident); ok {
						receivers[id] = true
					}
					return true
				})
			}
		}
	}
	uses := map[string]map[string]bool{}
	for id, what := range info.Uses {
		from, to := filepath.Base(set.Position(id.Pos()).Filename), filepath.Base(set.Position(what.Pos()).Filename)
		if what.Pkg() != pkg || from == to || receivers[id] {
			continue
		}
		if uses[from] == nil {
			uses[from] = map[string]bool{}
		}
		uses[from][to] = true
	}
	return uses
}

// exportsOf has go build what a package imports, and returns where the compiler's export data of each lies.
func exportsOf(t *testing.T, folder string) (exports map[string]string, dir string, files []string) {
	t.Helper()
	cmd := exec.Command("go", "list", "-export", "-deps", "-tags=nodynamic", "-json=ImportPath,Export,Dir,GoFiles", "./"+folder)
	cmd.Dir, cmd.Stderr = root, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	exports = map[string]string{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath, Export, Dir string
			GoFiles                 []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return exports, dir, files // the package itself comes last
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath], dir, files = p.Export, p.Dir, p.GoFiles
	}
}

// cycle returns one circle in a graph, its first member twice, or nil.
func cycle(uses map[string]map[string]bool) []string {
	const entered, left = 1, 2
	state := map[string]int{}
	var way []string
	var visit func(file string) []string
	visit = func(file string) []string {
		switch state[file] {
		case left:
			return nil
		case entered:
			return append(slices.Clone(way[slices.Index(way, file):]), file)
		}
		state[file] = entered
		way = append(way, file)
		for to := range uses[file] {
			if c := visit(to); c != nil {
				return c
			}
		}
		way = way[:len(way)-1]
		state[file] = left
		return nil
	}
	for file := range uses {
		if c := visit(file); c != nil {
			return c
		}
	}
	return nil
}
