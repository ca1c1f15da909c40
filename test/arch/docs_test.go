package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const guide, manual = "docs/ARCHITECTURE.md", "docs/operations.md"

// Where a line of code belongs must have an answer for every line.
func TestEveryRoomIsInTheGuide(t *testing.T) {
	rooms := firstColumn(doc(t, guide))
	module, packages := list(t)
	for _, p := range packages {
		rel := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		if rel != "" && !rooms[rel] {
			t.Errorf("%s has no row for the package %s: say in one line what belongs there", guide, rel)
		}
		if p.Doc == "" {
			t.Errorf("the package %s says nowhere what it is: give it a package comment", p.ImportPath)
		}
	}
	folders := 0
	for _, top := range []string{"plugin-php/includes", "plugin-php"} {
		entries, err := os.ReadDir(filepath.Join(root, top))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !e.IsDir() || strings.HasPrefix(e.Name(), ".") || e.Name() == "vendor" {
				continue
			}
			folders++
			if !rooms[top+"/"+e.Name()] {
				t.Errorf("%s has no row for the folder %s/%s: say in one line what belongs there", guide, top, e.Name())
			}
		}
	}
	if folders < 10 {
		t.Errorf("only %d folders of the plugin were found", folders)
	}
}

func TestPathsInTheDocsExist(t *testing.T) {
	ignored := func(path string) bool { // what git ignores comes and goes
		return exec.Command("git", "-C", root, "check-ignore", "-q", path).Run() == nil
	}
	for _, name := range []string{"README.md", "CONTRIBUTING.md", guide, "docs/releasing.md"} {
		found := pathsIn(doc(t, name))
		if len(found) < 5 {
			t.Errorf("%s: only %d paths were found", name, len(found))
		}
		for _, path := range found {
			if matches, _ := filepath.Glob(filepath.Join(root, path)); len(matches) == 0 && !ignored(path) {
				t.Errorf("%s names %s, which does not exist", name, path)
			}
		}
	}
}

func TestPathsAreFound(t *testing.T) {
	got := strings.Join(pathsIn("`wpclient/sign.go` and `wpclient/`, `llm/prompts/*.txt`, `main.go`, `go vet ./...`, `net/http`, `aidoc/v1`, `store/`, [x](docs/operations.md#a), [y](https://example.org/z.md)"), " ")
	if want := "wpclient/sign.go wpclient/ llm/prompts/*.txt main.go docs/operations.md"; got != want {
		t.Errorf("found %q, want %q", got, want)
	}
}

// An operator who reads a code on an item finds it in the manual, and nothing there is made up.
func TestCodesAreInTheManual(t *testing.T) {
	made := map[string]bool{}
	for _, folder := range []string{"extract", "llm", "agent/fetch", "wpclient"} {
		codes := codesIn(t, folder)
		if len(codes) < 5 {
			t.Errorf("only %d codes were found in %s", len(codes), folder)
		}
		for _, code := range codes {
			made[code] = true
		}
	}
	for _, code := range failuresIn(t, "agent") {
		made[code] = true
	}
	text, told := doc(t, manual), map[string]bool{}
	for _, code := range regexp.MustCompile("`([a-z]+(?:_[a-z]+)*)`").FindAllStringSubmatch(text, -1) {
		told[code[1]] = true
	}
	for code := range made {
		if !told[code] && !strings.HasPrefix(code, "aidoc_") {
			t.Errorf("%s does not say what %s means", manual, code)
		}
	}
	_, table, _ := strings.Cut(text, "## What an error code means")
	table, _, _ = strings.Cut(table, "\n## Pages")
	for code := range firstColumn(table) {
		if !made[code] {
			t.Errorf("%s explains %s, which nothing produces", manual, code)
		}
	}
}

// What the site refuses an agent with is in the contract.
func TestRefusalsAreInTheProtocol(t *testing.T) {
	text, seen := doc(t, "docs/protocol.md"), 0
	refusal := regexp.MustCompile(`(?:Refusal::\w+|Refusal|WP_Error|refuse)\(\s*'(aidoc_[a-z_]+)'`)
	forPeople := regexp.MustCompile(`/(ItemsController|SummariesController|SummaryRoutes)\.php$`)
	for _, folder := range []string{"REST", "Auth"} {
		for _, file := range sources(t, root+"/plugin-php/includes/"+folder, ".php") {
			for _, m := range refusal.FindAllStringSubmatch(string(read(t, file)), -1) {
				if seen++; m[1] != "aidoc_invalid" && !forPeople.MatchString(file) && !strings.Contains(text, "`"+m[1]+"`") {
					t.Errorf("docs/protocol.md does not name %s (%s)", m[1], file)
				}
			}
		}
	}
	if seen < 5 {
		t.Errorf("only %d refusals were found", seen)
	}
}

func TestMetricsAreInTheManual(t *testing.T) {
	sameWords(t, "metric", regexp.MustCompile(`"(aidoc_[a-z_]+)"`).FindAllStringSubmatch(string(read(t, root+"/agent/metrics.go")), -1),
		regexp.MustCompile("`(aidoc_[a-z_]+)").FindAllStringSubmatch(section(t, "Metrics"), -1))
}

func TestExitCodesAreInTheManual(t *testing.T) {
	codes := regexp.MustCompile(`(?m)^\texit[A-Z]\w*\s*= (\d+)`).FindAllStringSubmatch(string(read(t, root+"/agent/cli/exit.go")), -1)
	sameWords(t, "exit code", codes, regexp.MustCompile("(?m)^\\| ([0-9]+) \\|").FindAllStringSubmatch(section(t, "Exit codes"), -1))
}

// sameWords compares what the code has with what the manual has.
func sameWords(t *testing.T, kind string, code, told [][]string) {
	t.Helper()
	if len(code) < 3 {
		t.Fatalf("only %d of kind %s were found in the code", len(code), kind)
	}
	set := func(found [][]string) map[string]bool {
		out := map[string]bool{}
		for _, m := range found {
			out[m[1]] = true
		}
		return out
	}
	have, want := set(told), set(code)
	for word := range want {
		if !have[word] {
			t.Errorf("%s does not name the %s %s", manual, kind, word)
		}
	}
	for word := range have {
		if !want[word] {
			t.Errorf("%s names the %s %s, which the code does not have", manual, kind, word)
		}
	}
}

func section(t *testing.T, title string) string {
	t.Helper()
	_, text, ok := strings.Cut(doc(t, manual), "\n## "+title+"\n")
	if !ok {
		t.Fatalf("%s has no section %q", manual, title)
	}
	text, _, _ = strings.Cut(text, "\n## ")
	return text
}

// codesIn lists the values of a package's Code… constants.
func codesIn(t *testing.T, folder string) []string {
	t.Helper()
	var codes []string
	eachNode(t, folder, func(n ast.Node) {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Names) != 1 || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Code") {
			return
		}
		if code, ok := text(spec.Values[0]); ok {
			codes = append(codes, code)
		}
	})
	return codes
}

// failuresIn lists the codes that a package writes into what it reports.
func failuresIn(t *testing.T, folder string) []string {
	t.Helper()
	var codes []string
	eachNode(t, folder, func(n ast.Node) {
		field, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return
		}
		if key, ok := field.Key.(*ast.Ident); ok && key.Name == "Code" {
			if code, ok := text(field.Value); ok {
				codes = append(codes, code)
			}
		}
	})
	if len(codes) < 5 {
		t.Errorf("only %d codes were found in %s", len(codes), folder)
	}
	return codes
}

// eachNode visits the syntax of the programs below folder, without tests.
func eachNode(t *testing.T, folder string, visit func(ast.Node)) {
	t.Helper()
	for _, file := range sources(t, filepath.Join(root, folder), ".go") {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool { visit(n); return true })
	}
}

func text(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// firstColumn is what stands in backticks in the first column of the tables of a text.
func firstColumn(text string) map[string]bool {
	out := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]*) \\|").FindAllStringSubmatch(text, -1) {
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[1], -1) {
			out[strings.TrimSuffix(name[1], "/")] = true
		}
	}
	return out
}

// pathsIn lists what a text names as paths of the repository: in backticks or as the target of a link.
// Where its first folder is none of ours it is something else (net/http, aidoc/v1, a path on an agent's machine).
func pathsIn(text string) []string {
	var out []string
	name := regexp.MustCompile("`([\\w.*-]+(?:/[\\w.*-]+)*/?)`|\\]\\(([\\w./-]+)(?:#[\\w-]*)?\\)")
	for _, m := range name.FindAllStringSubmatch(text, -1) {
		path := m[1] + m[2]
		first, _, deep := strings.Cut(path, "/")
		file := regexp.MustCompile(`^[\w-]+\.(go|md|sh|php|json|txt|yml|xml|dist)$`).MatchString(path)
		if _, err := os.Stat(filepath.Join(root, first)); (deep && err == nil) || (!deep && file) {
			out = append(out, path)
		}
	}
	return out
}

func doc(t *testing.T, name string) string {
	t.Helper()
	body, err := fs.ReadFile(os.DirFS(root), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// One version for agent and plugin: the files that hold it say the same.
func TestVersionsAgree(t *testing.T) {
	main, readme := doc(t, "plugin-php/ai-doc-pipeline.php"), doc(t, "plugin-php/readme.txt")
	versions := map[string]string{}
	for place, find := range map[string]struct{ text, pattern string }{
		"the plugin's header":     {main, `(?m)^ \* Version: +(\S+)$`},
		"AIDOC_VERSION":           {main, `'AIDOC_VERSION', '([^']+)'`},
		"readme.txt (Stable tag)": {readme, `(?m)^Stable tag: +(\S+)$`},
	} {
		m := regexp.MustCompile(find.pattern).FindStringSubmatch(find.text)
		if m == nil {
			t.Fatalf("%s holds no version", place)
		}
		versions[place] = m[1]
	}
	for place, version := range versions {
		if version != versions["AIDOC_VERSION"] {
			t.Errorf("%s says %s, AIDOC_VERSION says %s", place, version, versions["AIDOC_VERSION"])
		}
	}
	released := regexp.MustCompile(`(?m)^## \[(\d+\.\d+\.\d+)\]`).FindStringSubmatch(doc(t, "CHANGELOG.md"))
	if released != nil && released[1] != versions["AIDOC_VERSION"] {
		t.Errorf("CHANGELOG.md ends with %s, the plugin says %s", released[1], versions["AIDOC_VERSION"])
	}
}
