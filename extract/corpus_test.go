package extract

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// TestCorpus reads a set of the measuring corpus and writes the texts for its evaluate.py.
// It runs only by hand: AIDOC_CORPUS=folder AIDOC_SET=A AIDOC_OUT=folder [AIDOC_ONLY=part of an id].
func TestCorpus(t *testing.T) {
	dir, set, out := os.Getenv("AIDOC_CORPUS"), os.Getenv("AIDOC_SET"), os.Getenv("AIDOC_OUT")
	if dir == "" || set == "" || out == "" {
		t.Skip("set AIDOC_CORPUS, AIDOC_SET and AIDOC_OUT to measure")
	}
	f, err := os.Open(filepath.Join(dir, "manifest.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(Config{Sandbox: Sandbox(os.Getenv("AIDOC_SANDBOX")), Logger: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := os.MkdirAll(out, 0o755); err != nil {
		t.Fatal(err)
	}
	runs := []string{"id\twall_s\tcpu_s\trss_kb\trc\tstatus"}
	in := slices.Index(rows[0], "in_path")
	for _, row := range rows[1:] {
		if row[0] != set || !strings.Contains(row[1], os.Getenv("AIDOC_ONLY")) {
			continue
		}
		start := time.Now()
		var pages []Page
		info, err := p.Extract(context.Background(), filepath.Join(dir, row[in]), Options{Name: row[1], OnPage: func(pg Page) error { pages = append(pages, pg); return nil }})
		took := time.Since(start)
		status := "ok"
		var e *Error
		if errors.As(err, &e) {
			status = "refused"
			switch e.Code {
			case doc.CodeCrash:
				status = "crash"
			case doc.CodeTimeout:
				status = "timeout"
			}
		} else if err != nil {
			t.Fatal(err)
		}
		conf, _ := json.Marshal(summary(pages))
		fmt.Printf("%-60s %-5s %3d pages %6.2fs %s %s\n", row[1], info.Format, info.Pages, took.Seconds(), conf, errText(err))
		runs = append(runs, fmt.Sprintf("%s\t%.3f\t0\t0\t0\t%s", row[1], took.Seconds(), status))
		if err == nil {
			if err := os.WriteFile(filepath.Join(out, row[1]+".txt"), []byte(RenderText(pages)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(out, "_runs.tsv"), []byte(strings.Join(runs, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// summary counts pages by method and gives the mean confidence of the recognised ones.
func summary(pages []Page) map[string]any {
	m := map[string]any{}
	n, sum := 0, 0.0
	for _, p := range pages {
		k := string(p.Method)
		if p.Err != nil {
			k = "failed " + string(p.Err.Code)
		}
		c, _ := m[k].(int)
		m[k] = c + 1
		if p.Method == MethodOCR {
			n++
			sum += p.Confidence
			m["lang"] = p.Language
		}
	}
	if n > 0 {
		m["conf"] = fmt.Sprintf("%.3f", sum/float64(n))
	}
	return m
}
