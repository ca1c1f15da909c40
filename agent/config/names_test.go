package config

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const repository = "../.."

// named finds what reads like a setting's path: summary.base_url, sites[].rest_root, store.s3.sse.
var named = regexp.MustCompile(`(?:^|[^\w./{$-])([a-z][a-z0-9]*(?:\[\w*\])?(?:\.[a-z][a-z0-9_]*(?:\[\w*\])?)+)`)

// quoted finds a word in backticks that can only be a setting of the group that the sentence is about.
var quoted = regexp.MustCompile("`([a-z]+(?:_[a-z0-9]+)+)(?:: [^`]*)?`")

// composed finds a setting's name that is put together at run time, which nothing can check.
var composed = regexp.MustCompile(`\b(data_dir|sites|agent|poll|extract|summary|privacy|store|limits|schedule|journal|metrics|log)\.%`)

// files are endings of file names, which look like settings: summary.md, journal.db, agent.yaml.
var files = regexp.MustCompile(`\.(md|yaml|db|pid|json|jsonl|txt|lock|sock|log|go|php|test|service|sh)$`)

// A message that names a setting which does not exist sends its reader on a search for nothing.
func TestMessagesNameSettingsThatExist(t *testing.T) {
	paths, lastWords, seen := settings(), map[string]bool{}, 0
	for path := range paths {
		lastWords[path[strings.LastIndex(path, ".")+1:]] = true
	}
	eachMessage(t, func(where, text string) {
		if c := composed.FindString(text); c != "" {
			t.Errorf("%s: %q puts the name of a setting together: write it out", where, c)
		}
		for _, name := range namesIn(text) {
			seen++
			if !paths[name] {
				t.Errorf("%s: there is no setting %s: %s", where, name, text)
			}
		}
		for _, word := range quoted.FindAllStringSubmatch(text, -1) {
			seen++
			if !lastWords[word[1]] {
				t.Errorf("%s: there is no setting %s: %s", where, word[1], text)
			}
		}
	})
	if seen < 60 {
		t.Errorf("only %d names of settings were found in messages", seen)
	}
}

func TestDocsNameSettingsThatExist(t *testing.T) {
	paths, seen := settings(), 0
	for _, doc := range append(docs(t), repository+"/README.md", repository+"/SECURITY.md", repository+"/CHANGELOG.md") {
		body, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range regexp.MustCompile("`[^`\n]+`").FindAllString(string(body), -1) {
			for _, name := range namesIn(code) {
				seen++
				if !paths[name] {
					t.Errorf("%s: there is no setting %s", filepath.Base(doc), name)
				}
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d names of settings were found in the docs", seen)
	}
}

func TestNamesAreFound(t *testing.T) {
	for text, want := range map[string][]string{
		"raise llm.max_output_tokens":                {"llm.max_output_tokens"},
		"set store.s3.bucket, or store.dir.path.":    {"store.s3.bucket", "store.dir.path"},
		"`sites[].rest_root`, `extract.sandbox: on`": {"sites.rest_root", "extract.sandbox"},
		"see agent.example.yaml and summary.md":      nil,
		"ask https://agent.example.org/summary.html": nil,
		"extract.Page of the extractor":              nil,
	} {
		if got := namesIn(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: found %q, want %q", text, got, want)
		}
	}
}

// namesIn lists what text names as settings: below a group of the configuration, or below one of our
// packages with a word that has an underscore, as a setting would have that somebody took for one.
func namesIn(text string) []string {
	var out []string
	for _, m := range named.FindAllStringSubmatch(text, -1) {
		name := regexp.MustCompile(`\[\w*\]`).ReplaceAllString(m[1], "")
		group, rest, _ := strings.Cut(name, ".")
		switch {
		case files.MatchString(name):
		case groups()[group], packages[group] && strings.Contains(rest, "_"):
			out = append(out, name)
		}
	}
	return out
}

var packages = map[string]bool{"llm": true, "model": true, "ocr": true, "fetch": true, "objectstore": true, "s3": true, "outbox": true, "wpclient": true, "config": true}

func groups() map[string]bool {
	out := map[string]bool{}
	for path := range settings() {
		group, _, _ := strings.Cut(path, ".")
		out[group] = true
	}
	return out
}

// settings are all paths of the configuration, those of groups and of the items of lists too.
func settings() map[string]bool {
	out := map[string]bool{}
	var visit func(prefix string, typ reflect.Type)
	visit = func(prefix string, typ reflect.Type) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			name := f.Tag.Get("yaml")
			if name == "-" {
				continue
			}
			out[prefix+name] = true
			inner := f.Type
			if inner.Kind() == reflect.Slice {
				inner = inner.Elem()
			}
			if inner.Kind() == reflect.Struct {
				visit(prefix+name+".", inner)
			}
		}
	}
	visit("", reflect.TypeFor[Config]())
	return out
}

func docs(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(repository + "/docs/*.md")
	if err != nil || len(found) == 0 {
		t.Fatalf("no docs: %v", err)
	}
	return found
}

// eachMessage visits the string literals of the programs, without those of tests.
func eachMessage(t *testing.T, visit func(where, text string)) {
	t.Helper()
	err := filepath.WalkDir(repository, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != repository && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || path == filepath.Join(repository, "test") || path == filepath.Join(repository, "plugin-php")):
			return fs.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if field, ok := n.(*ast.Field); ok && field.Tag != nil {
				visit(set.Position(field.Tag.Pos()).String(), reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("help"))
				return true
			}
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil {
					visit(set.Position(lit.Pos()).String(), text)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
