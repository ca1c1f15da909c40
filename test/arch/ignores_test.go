package arch

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of docs/coding-standards.md")

var (
	ignoreForm   = regexp.MustCompile(`phpcs:(ignore|disable)\b(.*)`)
	securityForm = regexp.MustCompile(`WordPress\.(?:Security|DB)\.[A-Za-z.]+`)
)

// Each place where a security sniff is told to look away is named in docs/coding-standards.md, with the reason that stands in the code; and
// nothing tells all sniffs to look away.
func TestEveryIgnoredSecuritySniffIsInTheTable(t *testing.T) {
	const table = "../../docs/coding-standards.md"
	doc, err := os.ReadFile(table)
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
	want = slices.Compact(want)
	if *update {
		head, _, _ := strings.Cut(string(doc), "|---|---|---|\n")
		if err := os.WriteFile(table, []byte(head+"|---|---|---|\n"+strings.Join(want, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.Errorf("docs/coding-standards.md has not the rows that the code asks for (go test ./test/arch -run Ignored -update writes them):\n%s", strings.Join(want, "\n"))
	}
}
