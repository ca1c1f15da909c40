package arch

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../.."

func TestImportRulesHold(t *testing.T) {
	module, packages := list(t)
	for _, sentence := range Check(module, packages, Rules) {
		t.Error(sentence)
	}
	// A rule that guards a folder nobody wrote guards nothing.
	for _, folder := range []string{"agent", "agent/journal", "agent/objectstore", "agent/fetch", "agent/pressure", "agent/lease", "agent/artifact", "agent/handover", "agent/outbox", "agent/pipeline", "internal/netguard", "wpclient", "extract", "extract/internal/pool", "extract/internal/view", "extract/internal/child/worker", "extract/reader", "llm"} {
		if !exists(packages, module+"/"+folder) {
			t.Errorf("package %s is gone: the rules in rules.go name it", folder)
		}
	}
}

func TestBrokenRulesAreFound(t *testing.T) {
	const m = "example.org/m"
	for name, p := range map[string]Package{
		"socket in extract":      {ImportPath: m + "/extract/internal/x", Imports: []string{"net/http"}},
		"agent through a helper": {ImportPath: m + "/extract", Deps: []string{"fmt", m + "/agent/config"}},
		"cgo outside":            {ImportPath: m + "/agent", CgoFiles: []string{"x.go"}},
		"sqlite outside":         {ImportPath: m + "/agent", Imports: []string{"modernc.org/sqlite"}},
		"s3 outside":             {ImportPath: m + "/agent", Imports: []string{"github.com/aws/aws-sdk-go-v2/service/s3"}},
		"model sdk outside":      {ImportPath: m, Imports: []string{"github.com/anthropics/anthropic-sdk-go"}},
		"shared knows a client":  {ImportPath: m + "/internal/netguard", Deps: []string{m + "/wpclient"}},
		"parts know a format":    {ImportPath: m + "/extract/internal/parts/x", Deps: []string{m + "/extract/internal/format/pdf"}},
		"a page knows a format":  {ImportPath: m + "/extract/internal/page/x", Deps: []string{m + "/extract/internal/format/pdf"}},
		"a format knows a child": {ImportPath: m + "/extract/internal/format/x", Deps: []string{m + "/extract/internal/child/wire"}},
		"the door knows formats": {ImportPath: m + "/extract", Imports: []string{m + "/extract/internal/format/pdf"}},
		"the door knows pages":   {ImportPath: m + "/extract", Imports: []string{m + "/extract/internal/page/ocr"}},
		"the pool knows formats": {ImportPath: m + "/extract/internal/pool", Deps: []string{m + "/extract/internal/format/pdf"}},
		"the pool knows workers": {ImportPath: m + "/extract/internal/pool", Deps: []string{m + "/extract/internal/child/worker"}},
		"a view knows the pool":  {ImportPath: m + "/extract/internal/view", Deps: []string{m + "/extract/internal/pool"}},
		"a child knows the pool": {ImportPath: m + "/extract/internal/child/worker", Imports: []string{m + "/extract/internal/pool"}},
		"a reader with metrics":  {ImportPath: m + "/extract/reader", Deps: []string{"github.com/prometheus/client_golang/prometheus"}},
		"a reader with a pool":   {ImportPath: m + "/extract/reader", Deps: []string{m + "/extract/internal/pool"}},
		"prose knows chunks":     {ImportPath: m + "/llm/internal/prose", Deps: []string{m + "/llm/internal/chunk"}},
		"a room knows agent":     {ImportPath: m + "/agent/pressure", Deps: []string{m + "/agent"}},
		"a lease knows stores":   {ImportPath: m + "/agent/lease", Deps: []string{m + "/agent/journal"}},
		"names know a store":     {ImportPath: m + "/agent/artifact", Deps: []string{m + "/agent/objectstore"}},
		"a hand-over knows jobs": {ImportPath: m + "/agent/handover", Imports: []string{m + "/agent/lease"}},
		"the outbox knows jobs":  {ImportPath: m + "/agent/outbox", Imports: []string{m + "/agent/lease"}},
		"disks know sites":       {ImportPath: m + "/agent/pressure", Imports: []string{m + "/wpclient"}},
		"client knows agent":     {ImportPath: m + "/wpclient", Deps: []string{m + "/agent"}},
	} {
		if got := Check(m, []Package{p}, Rules); len(got) != 1 {
			t.Errorf("%s: want one broken rule, got %q", name, got)
		}
	}
	allowed := []Package{
		{ImportPath: m + "/agent/journal", Imports: []string{"modernc.org/sqlite"}},
		{ImportPath: m + "/extract", CgoFiles: []string{"x.go"}, Imports: []string{"net/url"}},
		{ImportPath: m + "/extractor", Imports: []string{"net/http"}},
		{ImportPath: m + "/extract", Imports: []string{m + "/extract/internal/pool", m + "/extract/internal/view", m + "/extract/internal/child/worker"}},
		{ImportPath: m + "/extract/internal/view", Imports: []string{m + "/extract/internal/page/layout"}},
	}
	if got := Check(m, allowed, Rules); len(got) != 0 {
		t.Errorf("allowed imports are refused: %q", got)
	}
}

// Only wpclient builds or signs a request to WordPress: nobody else spells the wire's names.
func TestOnlyTheClientKnowsTheWire(t *testing.T) {
	wire := regexp.MustCompile(`"(Signature-Input|X-Aidoc-[A-Za-z]+|/?aidoc/v1[^"]*)"`)
	for _, file := range sources(t, root, ".go", "wpclient", "test", "node_modules") {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		if found := wire.Find(read(t, file)); found != nil {
			t.Errorf("%s spells %s: only wpclient does", file, found)
		}
	}
}

// An expression that is compiled as the program is linked together is paid for by every start of a reader.
func TestPatternsAreCompiledOnFirstUse(t *testing.T) {
	compiled := regexp.MustCompile(`(?m)^(?:var |\t)\w+(?:, \w+)*\s*=.*regexp\.MustCompile\(`)
	for _, file := range sources(t, root, ".go", "wpclient/wptest", "test", "node_modules") {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		if found := compiled.Find(read(t, file)); found != nil {
			t.Errorf("%s has %s: use pattern.Lazily", file, found)
		}
	}
}

func list(t *testing.T) (module string, packages []Package) {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Doc,Imports,Deps,CgoFiles,Module", "./...")
	cmd.Dir, cmd.Stderr = root, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			Package
			Module struct{ Path string }
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return module, packages
		} else if err != nil {
			t.Fatal(err)
		}
		module, packages = p.Module.Path, append(packages, p.Package)
	}
}

func exists(packages []Package, path string) bool {
	for _, p := range packages {
		if p.ImportPath == path {
			return true
		}
	}
	return false
}

// sources lists the files below dir that end in ext, without the named folders of the first level and hidden ones.
func sources(t *testing.T, dir, ext string, without ...string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		if d.IsDir() && rel != "." {
			for _, w := range without {
				if rel == w {
					return filepath.SkipDir
				}
			}
			if strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || rel == "demo" || rel == "build" {
				return filepath.SkipDir
			}
		}
		if !d.IsDir() && strings.HasSuffix(path, ext) {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
