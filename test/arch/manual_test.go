package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const manual = "docs/operations.md"

// An operator who reads a code on an item finds it in the manual, and nothing there is made up.
func TestCodesAreInTheManual(t *testing.T) {
	made := map[string]bool{}
	for _, folder := range []string{"extract", "llm", "agent/fetch", "agent/journal", "agent/objectstore", "wpclient"} {
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
	forPeople := regexp.MustCompile(`/(ItemsController|ReviewController|SummariesController|SummaryRoutes)\.php$`)
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

func TestSettingsOfThePluginInTheManualExist(t *testing.T) {
	settings := string(read(t, root+"/plugin-php/includes/Settings.php"))
	named := regexp.MustCompile("\\(`([a-z_]+)`\\)").FindAllStringSubmatch(section(t, "Limits for agents"), -1)
	if len(named) < 3 {
		t.Errorf("only %d settings were found in the manual", len(named))
	}
	for _, m := range named {
		if !strings.Contains(settings, "'"+m[1]+"'") {
			t.Errorf("%s names the setting %s, which the plugin does not have", manual, m[1])
		}
	}
}

func TestMetricsAreInTheManual(t *testing.T) {
	sameWords(t, "metric", regexp.MustCompile(`"(aidoc_[a-z_]+)"`).FindAllStringSubmatch(string(read(t, root+"/agent/metrics.go"))+string(read(t, root+"/agent/gauges.go"))+string(read(t, root+"/agent/sitegauges.go")), -1),
		regexp.MustCompile("`(aidoc_[a-z_]+)").FindAllStringSubmatch(section(t, "Metrics"), -1))
}

func TestExitCodesAreInTheManual(t *testing.T) {
	codes := regexp.MustCompile(`(?m)^\texit[A-Z]\w*\s*= (\d+)`).FindAllStringSubmatch(string(read(t, root+"/agent/cli/exit.go")), -1)
	sameWords(t, "exit code", codes, regexp.MustCompile(`(?m)^\| ([0-9]+) \|`).FindAllStringSubmatch(section(t, "Exit codes"), -1))
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
