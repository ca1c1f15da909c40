package arch

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	ignoreForm   = regexp.MustCompile(`phpcs:(ignore|disable)\b(.*)`)
	securityForm = regexp.MustCompile(`WordPress\.(?:Security|DB)\.[A-Za-z.]+`)
)

// Each place where a security sniff is told to look away is named in docs/coding-standards.md, with the reason that stands in the code; and
// nothing tells all sniffs to look away.
func TestEveryIgnoredSecuritySniffIsInTheTable(t *testing.T) {
	doc, err := os.ReadFile("../../docs/coding-standards.md")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, row := range strings.Split(string(doc), "\n") {
		if strings.HasPrefix(row, "| `includes/") || strings.HasPrefix(row, "| `templates/") {
			got = append(got, row)
		}
	}
	root := "../../plugin-php"
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".php") || strings.Contains(path, "/tests/") {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, path)
		for _, m := range ignoreForm.FindAllStringSubmatch(string(body), -1) {
			line, _, _ := strings.Cut(m[2], "?>") // of a template
			sniffs, reason, given := strings.Cut(line, " -- ")
			if strings.TrimSpace(sniffs) == "" || !given || strings.TrimSpace(reason) == "" {
				t.Errorf("%s: phpcs:%s without its sniffs or its reason", name, m[1])
				continue
			}
			for _, sniff := range securityForm.FindAllString(sniffs, -1) {
				want = append(want, fmt.Sprintf("| `%s` | `%s` | %s |", name, sniff, strings.TrimSpace(reason)))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(want)
	slices.Sort(got)
	if want := slices.Compact(want); !slices.Equal(want, got) {
		t.Errorf("docs/coding-standards.md has not the rows that the code asks for:\n%s", strings.Join(want, "\n"))
	}
}
