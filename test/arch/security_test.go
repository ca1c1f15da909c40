package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The attack suite shares no code with what it attacks: a mistake that client and site share would not show.
func TestAttacksStandOutside(t *testing.T) {
	files, err := filepath.Glob(root + "/test/attacks/*.go")
	if err != nil || len(files) < 10 {
		t.Fatalf("the attack suite has %d files: %v", len(files), err)
	}
	own := regexp.MustCompile(`"github\.com/aidoc-pipeline/[^"]*"`)
	for _, file := range files {
		if found := own.Find(read(t, file)); found != nil {
			t.Errorf("%s imports %s", file, found)
		}
	}
}

var (
	shownBy    = regexp.MustCompile("`([^`]+)`")
	testName   = regexp.MustCompile(`^Test[A-Z]\w*$`)
	phpTest    = regexp.MustCompile(`^(\w+Test)(?:::(\w+))?$`)
	makeTarget = regexp.MustCompile(`^make ([a-z0-9-]+)$`)
)

// Each row of the threat model names what shows it: a test of Go or PHP, or a target of make. All of them are there.
func TestThreatModelNamesRealTests(t *testing.T) {
	rows := threats(t)
	if len(rows) < 15 {
		t.Fatalf("docs/security.md has %d rows of threats", len(rows))
	}
	goTests, phpTests, targets := functions(t), phpClasses(t), string(read(t, root+"/Makefile"))
	for _, row := range rows {
		cells := strings.Split(strings.Trim(row, "| "), " | ")
		names := shownBy.FindAllStringSubmatch(cells[len(cells)-1], -1)
		if len(cells) != 4 || len(names) == 0 {
			t.Errorf("not attacker, what they can, what they cannot, what shows it: %s", row)
		}
		for _, name := range names {
			if !isThere(name[1], goTests, phpTests, targets) {
				t.Errorf("%q is neither a test nor a target of make: %s", name[1], row)
			}
		}
	}
}

func TestInventedTestsAreFound(t *testing.T) {
	goTests, phpTests := map[string]bool{"TestThere": true}, map[string]string{"ThereTest": "function test_it_holds("}
	for name, want := range map[string]bool{
		"TestThere": true, "TestGone": false, "ThereTest": true, "GoneTest": false, "ThereTest::test_it_holds": true,
		"ThereTest::test_gone": false, "make there": true, "make gone": false, "some code": false,
	} {
		if isThere(name, goTests, phpTests, "there: dep ## what\n") != want {
			t.Errorf("%q: want %v", name, want)
		}
	}
}

func isThere(name string, goTests map[string]bool, phpTests map[string]string, makefile string) bool {
	if testName.MatchString(name) {
		return goTests[name]
	}
	if part := phpTest.FindStringSubmatch(name); part != nil {
		source, ok := phpTests[part[1]]
		return ok && (part[2] == "" || strings.Contains(source, "function "+part[2]+"("))
	}
	if part := makeTarget.FindStringSubmatch(name); part != nil {
		return strings.HasPrefix(makefile, part[1]+":") || strings.Contains(makefile, "\n"+part[1]+":")
	}
	return false
}

// threats are the rows of the table under the heading "Threat model".
func threats(t *testing.T) (rows []string) {
	t.Helper()
	_, section, ok := strings.Cut(string(read(t, root+"/docs/security.md")), "\n## Threat model\n")
	if !ok {
		t.Fatal(`docs/security.md has no section "Threat model"`)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	for line := range strings.Lines(section) {
		if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| attacker") {
			rows = append(rows, strings.TrimSpace(line))
		}
	}
	return rows
}

// functions are the names of all tests in Go.
func functions(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	name := regexp.MustCompile(`(?m)^func (Test\w+|Fuzz\w+)\(`)
	for _, file := range sources(t, root, "_test.go", "node_modules") {
		for _, m := range name.FindAllSubmatch(read(t, file), -1) {
			names[string(m[1])] = true
		}
	}
	return names
}

func phpClasses(t *testing.T) map[string]string {
	t.Helper()
	classes := map[string]string{}
	for _, file := range sources(t, root+"/plugin-php/tests", ".php") {
		classes[strings.TrimSuffix(filepath.Base(file), ".php")] = string(read(t, file))
	}
	if len(classes) < 10 {
		_, err := os.Stat(root + "/plugin-php/tests")
		t.Fatalf("%d PHP tests: %v", len(classes), err)
	}
	return classes
}
