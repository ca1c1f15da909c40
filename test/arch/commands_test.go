package arch

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pluginCommands are the plugin's commands of WP-CLI, `agent list` among them, and the flags that they say they have.
func pluginCommands(t *testing.T) (commands, flags map[string]bool) {
	t.Helper()
	folder := root + "/plugin-php/includes/CLI/"
	commands, flags = map[string]bool{}, map[string]bool{"user": true, "url": true} // WP-CLI's own
	for _, m := range regexp.MustCompile(`(?m)^\t\t'(\w+)' +=> Rights::`).FindAllStringSubmatch(string(read(t, folder+"Guard.php")), -1) {
		commands[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`public function (\w+?)_?\( array \$args`).FindAllStringSubmatch(string(read(t, folder+"AgentCommand.php")), -1) {
		commands["agent "+m[1]] = true
	}
	for _, file := range sources(t, folder, ".php") {
		for _, m := range regexp.MustCompile(`\* \[--([a-z-]+)`).FindAllStringSubmatch(string(read(t, file)), -1) {
			flags[m[1]] = true
		}
	}
	if len(commands) < 15 || len(flags) < 15 {
		t.Fatalf("only %d commands and %d flags were found", len(commands), len(flags))
	}
	return commands, flags
}

var (
	pluginCommand = regexp.MustCompile("wp aidoc ([a-z]+)( [a-z]+)?([^`\n\"”)]*)")
	longFlag      = regexp.MustCompile(`--([a-z][a-z-]*)`)
)

// unknownCommands lists what a text tells people to type at `wp aidoc` that is none of its commands and flags.
func unknownCommands(text string, commands, flags map[string]bool) (wrong []string) {
	for _, m := range pluginCommand.FindAllStringSubmatch(text, -1) {
		name := m[1]
		if name == "agent" {
			name += m[2]
		}
		if name != "agent" && !commands[name] {
			wrong = append(wrong, "wp aidoc "+name)
		}
		for _, f := range longFlag.FindAllStringSubmatch(m[3], -1) {
			if !flags[f[1]] {
				wrong = append(wrong, "wp aidoc "+name+" --"+f[1])
			}
		}
	}
	return wrong
}

// What people are told to type, in the documents and by both programs, is a command of the plugin.
func TestPluginCommandsInTheDocumentsExist(t *testing.T) {
	commands, flags := pluginCommands(t)
	files := []string{root + "/README.md", root + "/CONTRIBUTING.md", root + "/plugin-php/readme.txt"}
	docs, _ := filepath.Glob(root + "/docs/*.md")
	files = slices.Concat(files, docs, sources(t, root+"/plugin-php/includes", ".php"), sources(t, root+"/wpclient", ".go"), sources(t, root+"/agent", ".go"))
	seen := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		seen += strings.Count(string(text), "wp aidoc ")
		for _, wrong := range unknownCommands(string(text), commands, flags) {
			t.Errorf("%s says %s, which there is not; there are: %s", file, wrong, strings.Join(slices.Sorted(maps.Keys(commands)), ", "))
		}
	}
	if seen < 40 {
		t.Errorf("only %d commands were found", seen)
	}
	for _, wrong := range []string{"`wp aidoc work ID`", "`wp aidoc agent ban NAME`", "`wp aidoc jobs --since=3d`"} {
		if len(unknownCommands(wrong, commands, flags)) != 1 {
			t.Errorf("nothing is found wrong with %s", wrong)
		}
	}
}
