package bench

import (
	"os"
	"path/filepath"
	"testing"
)

func TestASectionIsReplacedAndTheOthersStay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.md")
	p, err := OpenPage(path)
	if err != nil {
		t.Fatal(err)
	}
	p.Head = "# Title\n\nWhat it is.\n"
	p.Set("Before", ", at 1a2b", "| old |")
	p.Set("Now", "", "| first |\n\n### Part\n\ntext\n")
	if err := p.Write(path); err != nil {
		t.Fatal(err)
	}
	if p, err = OpenPage(path); err != nil {
		t.Fatal(err)
	}
	if !p.Has("Before") || p.Has("Fleet") {
		t.Error("the sections of the page are not known")
	}
	p.Set("Now", ", at 3c4d", "| second |")
	if err := p.Write(path); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := "# Title\n\nWhat it is.\n\n## Before, at 1a2b\n\n| old |\n\n## Now, at 3c4d\n\n| second |\n"; string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
