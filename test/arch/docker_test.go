package arch

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// An image is built from what .dockerignore lets through: a folder of the program that is missing there breaks the build where nobody looks.
func TestTheImageGetsEveryFolderOfTheProgram(t *testing.T) {
	raw, err := os.ReadFile("../../.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	allowed := strings.Fields(string(raw))
	module, packages := list(t)
	seen := map[string]bool{}
	for _, p := range packages {
		if p.ImportPath != module {
			continue
		}
		for _, dep := range p.Deps {
			if rel, ours := strings.CutPrefix(dep, module+"/"); ours {
				folder, _, _ := strings.Cut(rel, "/")
				seen[folder] = true
			}
		}
	}
	for folder := range seen {
		if !slices.Contains(allowed, "!"+folder) {
			t.Errorf(".dockerignore keeps %s out of the image: add !%s", folder, folder)
		}
	}
	if len(seen) < 4 {
		t.Errorf("only %d folders of the program were found", len(seen))
	}
}
