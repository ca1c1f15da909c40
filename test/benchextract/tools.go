package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// tool reads a document and leaves its text in a file.
type tool struct {
	name string
	// args gives the command for input in and text file out.
	args func(in, out string) []string
	// floor is set instead of args for the bare recognition inside a process that lives on.
	floor *floor
	// slow tools run once whatever BENCH_RUNS says: their time is not what is in question.
	slow bool
}

// run reads one document. Only what ends the whole measurement is an error.
func (t tool) run(ctx context.Context, s settings, in, out string) (cost, error) {
	if t.floor != nil {
		return t.floor.read(in, out)
	}
	return command(ctx, s, t.args(in, out))
}

func aidoc(s settings) tool {
	return tool{name: "aidoc", args: func(in, out string) []string {
		return []string{s.agent, "--data-dir", filepath.Join(s.work, "data"), "extract", "-o", filepath.Dir(out), in}
	}}
}

func mutool() tool {
	return tool{name: "mutool", args: func(in, out string) []string { return []string{"mutool", "draw", "-q", "-F", "txt", "-o", out, in} }}
}

// libreoffice is left out where it is not installed: it is large, and the bench does not install it.
func libreoffice(s settings) tool {
	if _, err := exec.LookPath("soffice"); err != nil {
		return tool{name: "libreoffice", args: func(_, _ string) []string { return []string{"soffice"} }}
	}
	return tool{name: "libreoffice", slow: true, args: func(in, out string) []string {
		return []string{"test/benchextract/libreoffice.sh", in, out, filepath.Join(s.work, "libreoffice")}
	}}
}

func pdftotext() tool {
	return tool{name: "pdftotext", args: func(in, out string) []string { return []string{"pdftotext", in, out} }}
}

func tesseract(name string, options ...string) tool {
	return tool{name: name, args: func(in, out string) []string {
		return append([]string{"tesseract", in, strings.TrimSuffix(out, ".txt")}, options...)
	}}
}

func ocrmypdf(name string, options ...string) tool {
	return tool{name: name, slow: true, args: func(in, out string) []string {
		args := append([]string{"ocrmypdf", "-q", "--output-type", "pdf", "--sidecar", out}, options...)
		return append(args, in, strings.TrimSuffix(out, ".txt")+".pdf")
	}}
}

// tools are the programs for a set of the corpus.
func tools(s settings, set string) []tool {
	switch set {
	case "E":
		return installed(aidoc(s), pdftotext(), mutool())
	case "A":
		return installed(aidoc(s), pdftotext(), mutool(),
			tool{name: "pdfminer", slow: true, args: func(in, out string) []string { return []string{"pdf2txt", "-o", out, in} }})
	case "B":
		return installed(aidoc(s), tesseract("tesseract"), ocrmypdf("ocrmypdf", "-j", "1", "--image-dpi", "200"))
	case "C":
		return installed(aidoc(s), libreoffice(s), mutool())
	}
	return installed(aidoc(s))
}

// installed leaves out what this machine lacks.
func installed(all ...tool) []tool {
	var have []tool
	for _, t := range all {
		if _, err := exec.LookPath(t.args("in", "out")[0]); err == nil {
			have = append(have, t)
		}
	}
	return have
}

// oneThread is the environment of all tools: with more, tesseract's threads wait for each other.
func oneThread() []string { return append(os.Environ(), "OMP_THREAD_LIMIT=1") }
