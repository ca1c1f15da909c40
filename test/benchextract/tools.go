package main

import (
	"os/exec"
	"path/filepath"
	"strings"
)

// tool reads a document and leaves its text in a file.
type tool struct {
	name string
	// args gives the command for input in and text file out.
	args func(in, out string) []string
}

// tools are the programs for a set; those that are not installed are left out.
func tools(s settings, set string) []tool {
	all := []tool{{"aidoc", func(in, out string) []string {
		return []string{s.agent, "--data-dir", filepath.Join(s.work, "data"), "extract", "-o", filepath.Dir(out), in}
	}}}
	switch set {
	case "A", "E":
		all = append(all,
			tool{"pdftotext", func(in, out string) []string { return []string{"pdftotext", in, out} }},
			tool{"mutool", func(in, out string) []string { return []string{"mutool", "draw", "-q", "-F", "txt", "-o", out, in} }},
			tool{"pdfminer", func(in, out string) []string { return []string{"pdf2txt", "-o", out, in} }})
	case "B":
		all = append(all,
			tool{"tesseract", func(in, out string) []string { return []string{"tesseract", in, strings.TrimSuffix(out, ".txt")} }},
			tool{"ocrmypdf", func(in, out string) []string {
				return []string{"ocrmypdf", "-q", "-j", "1", "--image-dpi", "200", "--output-type", "pdf", "--sidecar", out, in, filepath.Join(s.work, "ocrmypdf.pdf")}
			}})
	case "C":
		all = append(all, tool{"mutool", func(in, out string) []string { return []string{"mutool", "draw", "-q", "-F", "txt", "-o", out, in} }})
	}
	var have []tool
	for _, t := range all {
		if _, err := exec.LookPath(t.args("in", "out")[0]); err == nil {
			have = append(have, t)
		}
	}
	return have
}
