package arch

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	hookForm    = regexp.MustCompile(`\b(apply_filters|do_action)\(\s*'(aidoc_[a-z_]+)'`)
	hookSection = regexp.MustCompile("(?s)### `(aidoc_[a-z_]+)`\n\n(Filter|Action)([^\n]*)\n.*?```php\n(.*?)\n```")
	hookArg     = regexp.MustCompile("`[A-Za-z_\\[\\]]+ (\\$[a-z_]+)`")
	docParam    = regexp.MustCompile(`@param\s+[^$]*(\$[a-z_]+)`)
)

// docs/hooks.md tells of every filter and action of the plugin: its kind, the arguments of its docblock in their order, and an example that uses it.
func TestHooksAreInTheManual(t *testing.T) {
	doc, err := os.ReadFile("../../docs/hooks.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, m := range hookSection.FindAllStringSubmatch(string(doc), -1) {
		call := map[string]string{"Filter": "add_filter", "Action": "add_action"}[m[2]]
		if !strings.Contains(m[4], call+"( '"+m[1]+"'") {
			t.Errorf("docs/hooks.md: the example of %s does not call %s", m[1], call)
		}
		first, _, _ := strings.Cut(m[3], ". ") // the arguments stand in the first sentence
		told[m[1]] = m[2] + " " + joined(hookArg.FindAllStringSubmatch(first, -1))
	}
	for name, want := range hooksOfThePlugin(t) {
		if told[name] != want {
			t.Errorf("docs/hooks.md says of %s %q, the code %q", name, told[name], want)
		}
		delete(told, name)
	}
	for name := range told {
		t.Errorf("docs/hooks.md tells of %s, which is not in the code", name)
	}
}

// hooksOfThePlugin are the hooks with their kind and the arguments of their docblock.
func hooksOfThePlugin(t *testing.T) map[string]string {
	t.Helper()
	hooks := map[string]string{}
	err := filepath.WalkDir("../../plugin-php", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".php") || strings.Contains(path, "/tests/") {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		body := string(raw)
		for _, m := range hookForm.FindAllStringSubmatchIndex(body, -1) {
			kind := map[string]string{"apply_filters": "Filter", "do_action": "Action"}[body[m[2]:m[3]]]
			block := body[max(0, strings.LastIndex(body[:m[0]], "/**")):m[0]]
			hooks[body[m[4]:m[5]]] = kind + " " + joined(docParam.FindAllStringSubmatch(block, -1))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(hooks) < 10 {
		t.Fatalf("only %d hooks were found", len(hooks))
	}
	return hooks
}

func joined(matches [][]string) string {
	var names []string
	for _, m := range matches {
		names = append(names, m[1])
	}
	return strings.Join(names, " ")
}
