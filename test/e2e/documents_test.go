//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const documentsDir = "../documents"

// document is one of test/documents/ and what must come of it.
type document struct {
	name     string
	pages    int // 0: not a paged format, any number
	ocr      int // pages that only OCR can read; -1: any number
	words    int // at least
	contains []string
}

var goodDocuments = []document{
	{name: "paper.pdf", pages: 8, ocr: 0, words: 5000, contains: []string{"supersense", "WordNet"}},
	{name: "scan.pdf", pages: 3, ocr: 3, words: 150, contains: []string{"HYPERTENSION", "Harrison"}},
	{name: "mixed.pdf", pages: 4, ocr: 1, words: 1500, contains: []string{"supersense", "Harrison"}},
	{name: "photo.jpg", pages: 1, ocr: 1, words: 60, contains: []string{"HYPERTENSION"}},
	{name: "book-page.tiff", pages: 1, ocr: 1, words: 200, contains: []string{"little Sarah"}},
	{name: "report.docx", ocr: 0, words: 3000, contains: []string{"Natural Language Toolkit", "Words by section"}},
	{name: "letter.docx", ocr: 0, words: 300, contains: []string{"king of Egypt"}},
	{name: "meeting.txt", ocr: 0, words: 3000, contains: []string{"Project Manager"}},
}

func read(t *testing.T, parts ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(append([]string{documentsDir}, parts...)...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// text makes a small document of its own content, so that no two are the same file.
func text(number int) []byte {
	return fmt.Appendf(nil, "Report number %d\n\n%s\n", number, strings.Repeat(
		fmt.Sprintf("The committee of case %d met and agreed on the budget. The next meeting is on day %d of the month. ", number, number%28+1), 12))
}

// longScan is a PDF of many scanned pages: the agent is busy with it for a good while.
func longScan(t *testing.T, copies int) []byte {
	t.Helper()
	args := []string{}
	for range copies {
		args = append(args, filepath.Join(documentsDir, "scan.pdf"))
	}
	out := filepath.Join(t.TempDir(), "long.pdf")
	if b, err := exec.Command("pdfunite", append(args, out)...).CombinedOutput(); err != nil {
		t.Fatalf("pdfunite: %v\n%s", err, b)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
