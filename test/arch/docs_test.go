package arch

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const guide = "docs/ARCHITECTURE.md"

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

// The guide follows the code by name; a name that was changed leaves its reader nowhere.
func TestNamesInTheGuideExist(t *testing.T) {
	words := map[string]bool{}
	for _, kind := range []string{".go", ".php", ".sh"} {
		for _, file := range sources(t, root, kind) {
			if strings.HasSuffix(file, "test/arch/docs_test.go") {
				continue
			}
			for _, word := range regexp.MustCompile(`\w+`).FindAllString(string(read(t, file)), -1) {
				words[word] = true
			}
		}
	}
	checked := 0
	for _, name := range []string{guide, "CONTRIBUTING.md"} {
		for _, m := range regexp.MustCompile("`([A-Za-z]\\w*(?:[.\\\\][A-Za-z]\\w*)*)`").FindAllStringSubmatch(doc(t, name), -1) {
			checked++
			parts := strings.FieldsFunc(m[1], func(r rune) bool { return r == '.' || r == '\\' })
			if last := parts[len(parts)-1]; !words[last] && !words[strings.TrimSuffix(m[1], ".md")] && last != "md" {
				t.Errorf("%s speaks of %s, which no code knows", name, m[1])
			}
		}
	}
	if checked < 60 {
		t.Errorf("only %d names were found", checked)
	}
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
		if strings.HasPrefix(path, "wp-") {
			continue // WordPress' own
		}
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

// One version for agent and plugin: the file VERSION decides, the other files that hold it say the same.
func TestVersionsAgree(t *testing.T) {
	version := strings.TrimSuffix(doc(t, "VERSION"), "\n")
	if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(version) {
		t.Fatalf("VERSION holds %q: it is one number like 0.1.0", version)
	}
	main, readme := doc(t, "plugin-php/ai-doc-pipeline.php"), doc(t, "plugin-php/readme.txt")
	for place, find := range map[string]struct{ text, pattern string }{
		"the plugin's header":     {main, `(?m)^ \* Version: +(\S+)$`},
		"AIDOC_VERSION":           {main, `'AIDOC_VERSION', '([^']+)'`},
		"readme.txt (Stable tag)": {readme, `(?m)^Stable tag: +(\S+)$`},
		"readme.txt (Changelog)":  {readme, `== Changelog ==\s+= (\S+) =`},
	} {
		m := regexp.MustCompile(find.pattern).FindStringSubmatch(find.text)
		if m == nil {
			t.Errorf("%s holds no version", place)
		} else if m[1] != version {
			t.Errorf("%s says %s, VERSION says %s", place, m[1], version)
		}
	}
	released := regexp.MustCompile(`(?m)^## \[(\d+\.\d+\.\d+)\]`).FindStringSubmatch(doc(t, "CHANGELOG.md"))
	if released != nil && released[1] != version {
		t.Errorf("the newest release in CHANGELOG.md is %s, VERSION says %s", released[1], version)
	}
}
