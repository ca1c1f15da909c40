package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// document is one row of the corpus' manifest.
type document struct {
	set, id, subset, file, language string
	refs                            []string
}

// heldOut says whether the document was left aside while rates and rules were tuned. A paper that is in two subsets is on
// one side in both.
func (d document) heldOut() bool {
	_, name, _ := strings.Cut(d.id, "__")
	name, _, _ = strings.Cut(name, ".")
	h := fnv.New32a()
	h.Write([]byte(name))
	return h.Sum32()%2 == 1
}

// readManifest gives the documents of the sets (one letter each), with their references where they have some.
func readManifest(corpus, sets string) ([]document, error) {
	b, err := os.ReadFile(filepath.Join(corpus, "manifest.tsv"))
	if err != nil {
		return nil, err
	}
	labels := labelled()
	var out []document
	head := map[string]int{}
	for line := range strings.Lines(string(b)) {
		f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(head) == 0 {
			for i, name := range f {
				head[name] = i
			}
			continue
		}
		if !strings.Contains(sets, f[0]) {
			continue
		}
		d := document{set: f[0], id: f[head["id"]], subset: f[head["subset"]], file: filepath.Join(corpus, f[head["in_path"]]), language: f[head["lang"]]}
		if d.set == "F" {
			if d.refs, err = readReferences(filepath.Join(corpus, f[head["gt_path"]]), f[head["gt_kind"]]); err != nil {
				return nil, fmt.Errorf("references of %s: %w", d.id, err)
			}
		}
		if l, ok := labels[d.id]; ok && d.set == "C" {
			d.language = l
		}
		out = append(out, d)
	}
	return out, nil
}

func readReferences(path, kind string) ([]string, error) {
	b, err := os.ReadFile(path)
	if err != nil || kind != "human-multi" {
		return []string{string(b)}, err
	}
	var refs []string
	err = json.Unmarshal(b, &refs)
	return refs, err
}

// languages are those of documents of set C, as a person sees them: the manifest does not say.
//
//go:embed languages.tsv
var languages string

func labelled() map[string]string {
	m := map[string]string{}
	for l := range strings.Lines(languages) {
		id, lang, _ := strings.Cut(strings.TrimSpace(l), "\t")
		m[id] = lang
	}
	return m
}

// reading is what the agent made of a document.
type reading struct {
	Document extract.Document `json:"document"`
	Pages    []extract.Page   `json:"pages"`
}

// reader reads documents with the agent's own command, once each: what it said is kept in a folder.
type reader struct{ agent, cache string }

func (r reader) read(ctx context.Context, d document) (reading, error) {
	var out reading
	kept := filepath.Join(r.cache, d.set+"--"+filepath.Base(d.file)+".json")
	b, err := os.ReadFile(kept)
	if err != nil {
		var said bytes.Buffer
		c := exec.CommandContext(ctx, r.agent, "extract", "--json", d.file)
		c.Stderr = &said
		if b, err = c.Output(); err != nil {
			return out, fmt.Errorf("%s: %w: %s", d.id, err, strings.TrimSpace(said.String()))
		}
		if err := os.WriteFile(kept, b, 0o600); err != nil {
			return out, err
		}
	}
	return out, json.Unmarshal(b, &out)
}

// forSummary is the document as the pipeline hands it to a summariser.
func (r reading) forSummary(name string) llm.Document {
	d := llm.Document{Title: r.Document.Title, Filename: name}
	for i, text := range extract.Markdown(r.Pages) {
		if text != "" {
			p := llm.Page{Number: r.Pages[i].Number, Text: text}
			if r.Pages[i].Method == extract.MethodOCR {
				p.Confidence = r.Pages[i].Confidence
			}
			d.Pages = append(d.Pages, p)
		}
	}
	return d
}
