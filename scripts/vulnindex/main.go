// Command vulnindex lays a folder of OSV reports of the Go project out as the database that `govulncheck -db file://…` reads
// (https://go.dev/doc/security/vuln/database).
//
//	vulnindex REPORTS OUT MODIFIED
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

type report struct {
	ID       string   `json:"id"`
	Aliases  []string `json:"aliases"`
	Affected []struct {
		Package struct {
			Name string `json:"name"`
		} `json:"package"`
	} `json:"affected"`
}

type vuln struct {
	ID       string   `json:"id"`
	Modified string   `json:"modified"`
	Aliases  []string `json:"aliases,omitempty"`
}

type module struct {
	Path  string `json:"path"`
	Vulns []vuln `json:"vulns"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "vulnindex:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return errors.New("usage: vulnindex REPORTS OUT MODIFIED")
	}
	files, err := filepath.Glob(filepath.Join(args[0], "GO-*.json"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no reports in %s", args[0])
	}
	out, modified := args[1], args[2]
	for _, dir := range []string{"index", "ID"} {
		if err := os.MkdirAll(filepath.Join(out, dir), 0o755); err != nil {
			return err
		}
	}
	var all []vuln
	modules := map[string][]vuln{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var r report
		if err := json.Unmarshal(raw, &r); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := os.WriteFile(filepath.Join(out, "ID", r.ID+".json"), raw, 0o644); err != nil {
			return err
		}
		all = append(all, vuln{ID: r.ID, Modified: modified, Aliases: r.Aliases})
		for _, path := range affected(r) {
			// Without the version that fixes it: the report itself says it for each range, and govulncheck reads that.
			modules[path] = append(modules[path], vuln{ID: r.ID, Modified: modified})
		}
	}
	return writeIndex(filepath.Join(out, "index"), modified, all, modules)
}

// affected names the modules of a report, each once.
func affected(r report) []string {
	var paths []string
	for _, a := range r.Affected {
		paths = append(paths, a.Package.Name)
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

func writeIndex(dir, modified string, all []vuln, byPath map[string][]vuln) error {
	modules := make([]module, 0, len(byPath))
	for path, vulns := range byPath {
		modules = append(modules, module{Path: path, Vulns: vulns})
	}
	slices.SortFunc(modules, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	return errors.Join(
		writeJSON(filepath.Join(dir, "db.json"), map[string]string{"modified": modified}),
		writeJSON(filepath.Join(dir, "vulns.json"), all),
		writeJSON(filepath.Join(dir, "modules.json"), modules),
	)
}

func writeJSON(path string, value any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return os.WriteFile(path, raw, 0o644)
}
