package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

var (
	inlineCommand = regexp.MustCompile("`(?:bin/)?aidoc-agent ([^`\n]+)`")
	commandLine   = regexp.MustCompile(`(?m)^(?:\$ |[ \t#]*  )?(?:sudo -u aidoc-agent )?(?:bin/)?aidoc-agent ((?:--|[a-z]).*)$`)
	shells        = regexp.MustCompile(`[|<>;&#].*|\s\(.*`) // what follows the command itself
)

// commandsIn lists what a text tells people to type: between backticks, and lines of their own.
func commandsIn(text string) (lines [][]string) {
	for _, m := range append(inlineCommand.FindAllStringSubmatch(text, -1), commandLine.FindAllStringSubmatch(text, -1)...) {
		line := shells.ReplaceAllString(m[1], "")
		lines = append(lines, strings.Fields(strings.NewReplacer("[", " ", "]", " ", "…", "").Replace(line)))
	}
	return lines
}

// What the documents and the shipped files tell people to type is a command of this program, with flags that it has.
func TestCommandsInTheDocumentsAreUnderstood(t *testing.T) {
	t.Parallel()
	var files []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/adr/*.md", "configs/*/*", "Dockerfile"} {
		found, err := filepath.Glob("../../" + pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	seen := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, args := range commandsIn(string(text)) {
			seen[args[0]] = true
			if why := misunderstood(t, args); why != "" {
				t.Errorf("%s says aidoc-agent %s: %s", filepath.Base(file), strings.Join(args, " "), why)
			}
		}
	}
	for _, command := range []string{"run", "process", "extract", "join", "doctor", "status", "health", "spend"} {
		if !seen[command] {
			t.Errorf("no document says aidoc-agent %s: are commands found at all?", command)
		}
	}
	for _, wrong := range []string{"`aidoc-agent jobs --since 3d`", "`aidoc-agent logs`", "    aidoc-agent cache prune\n", "$ aidoc-agent status --watch | less"} {
		if found := commandsIn(wrong); len(found) != 1 || misunderstood(t, found[0]) == "" {
			t.Errorf("nothing is found wrong with %q: %v", wrong, found)
		}
	}
}

// misunderstood is what the command line says of the arguments; "" also where only a value is left out.
func misunderstood(t *testing.T, args []string) string {
	t.Helper()
	p, err := kong.New(&commands{}, kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = p.Parse(args); err == nil || strings.HasPrefix(err.Error(), `expected "<`) {
		return ""
	}
	return err.Error()
}
