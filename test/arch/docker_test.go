package arch

import (
	"io/fs"
	"os"
	"path/filepath"
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
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") || slices.Contains([]string{"test", "scripts"}, e.Name()) || !hasGo(t, filepath.Join("../..", e.Name())) {
			continue
		}
		seen++
		if !slices.Contains(allowed, "!"+e.Name()) {
			t.Errorf(".dockerignore keeps %s out of the image: add !%s", e.Name(), e.Name())
		}
	}
	if seen < 4 {
		t.Errorf("only %d folders of the program were found", seen)
	}
}

func hasGo(t *testing.T, dir string) bool {
	found := false
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			found = true
			return fs.SkipAll
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
