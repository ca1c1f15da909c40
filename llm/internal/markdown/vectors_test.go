package markdown

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"html"
	"os"
	"reflect"
	"strings"
	"testing"
)

// The blocks of test/vectors/blocks.json are read by the plugin's tests too: what an agent can send, a site takes.
const vectorsFile = "../../../test/vectors/blocks.json"

var update = flag.Bool("update", false, "write test/vectors/blocks.json")

// blockVectors is the shape of the file; test/vectors/README.md explains it.
type blockVectors struct {
	Format    int         `json:"format"`
	WordPress string      `json:"wordpress"`
	Document  string      `json:"document"`
	Cases     []blockCase `json:"cases"`
}

type blockCase struct {
	Name   string          `json:"name"`
	Blocks json.RawMessage `json:"blocks"`
	HTML   string          `json:"html"`
}

func TestBlockVectorsAreCurrent(t *testing.T) {
	made, err := marshalVectors()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(vectorsFile, made, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(made, committed) {
		t.Fatal("test/vectors/blocks.json is stale: run `go test ./llm/internal/markdown -run Vectors -update` and look at the difference")
	}
}

// TestBlockVectorsAreBlocks: what the agent wrote it also reads, and says the same again.
func TestBlockVectorsAreBlocks(t *testing.T) {
	raw, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	var file blockVectors
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) == 0 {
		t.Fatal("the file has no cases")
	}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			var blocks, again []Block
			if err := json.Unmarshal(c.Blocks, &blocks); err != nil {
				t.Fatal(err)
			}
			out, err := json.Marshal(blocks)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(out, &again); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(blocks, again) {
				t.Errorf("got  %+v\nwant %+v", again, blocks)
			}
		})
	}
}

func marshalVectors() ([]byte, error) {
	file := blockVectors{Format: 1, WordPress: "6.8", Document: "https://example.org/report.pdf"}
	for _, v := range vectorCases() {
		blocks, err := json.Marshal(v.blocks)
		if err != nil {
			return nil, err
		}
		shown := markup(v.blocks, file.Document)
		file.Cases = append(file.Cases, blockCase{v.name, blocks, shown})
		if bytes.Contains(blocks, []byte("[]")) { // of an agent of before, which wrote an empty list so
			file.Cases = append(file.Cases, blockCase{v.name + ", written as null", bytes.ReplaceAll(blocks, []byte("[]"), []byte("null")), shown})
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	err := enc.Encode(file)
	return b.Bytes(), err
}

type vectorCase struct {
	name   string
	blocks []Block
}

func vectorCases() []vectorCase {
	var out []vectorCase
	add := func(name string, blocks ...Block) { out = append(out, vectorCase{name, blocks}) }
	read := func(name, md string) { add(name, Parse(md)...) }
	for level := range 6 {
		read(fmt.Sprintf("heading %d", level+1), strings.Repeat("#", level+1)+" Results")
	}
	read("every emphasis", "plain **bold** *italic* `code` ***both*** **bold `code`** *it `code`* ***all `three`***")
	read("nested emphasis", "**bold *and italic* again** and *it **and bold** again*")
	read("lists", "- one\n- **two**\n  - nested `three`\n\n<!-- -->\n\n1. first\n2. second")
	read("quotes", "> said *he*\n>\n> and she")
	read("code", "```go\nx := \"<b>\"\n\n\treturn [1]\n```")
	read("a table with an empty cell", "| item | sum |\n|---|---|\n| rent | |\n| | 12 |")
	read("a table with an empty header", "| | sum |\n|---|---|\n| rent | 1 |")
	read("a table of one header", "| item | sum |\n|---|---|")
	read("a ragged table", "| a | b | c |\n|---|---|---|\n| 1 |\n| 1 | 2 | 3 | 4 |")
	read("emphasis in a table", "| **a** | `b` |\n|---|---|\n| *1* | a\\|b |")
	read("what looks like markup", "Tom & Jerry &lt;b&gt; &amp;#60; [gallery ids=\"1\"] \\<!-- wp:html --> 'q' \"q\" C:\\temp")
	read("what looks like an address", "See https://example.org/a?b=1&c=2 and www.example.org.")
	read("unicode", "Grüße, 漢字かな交じり文 — naïve café 😀 e̊ \u00a0x")
	read("right to left", "# תוצאות\n\nהמכירות **גדלו** ב-12%.\n\n- نمت المبيعات `Q4`\n- سطر")
	read("very long text", strings.Repeat("ü", maxRunRunes+10))
	read("very many items", strings.Repeat("- x\n", maxItems+10))
	read("a very wide table", strings.Repeat("|a", maxColumns+5)+"|\n"+strings.Repeat("|-", maxColumns+5)+"|\n"+strings.Repeat("|1", maxColumns+5)+"|")
	text := func(s string) []Run { return []Run{{Text: s}} }
	add("nothing in it", Block{Type: "paragraph"}, Block{Type: "heading", Level: 2}, Block{Type: "list"}, Block{Type: "quote"}, Block{Type: "code"},
		Block{Type: "table"}, Block{Type: "paragraph", Runs: []Run{{}, {Bold: true}}})
	add("empty lists",
		Block{Type: "list", Items: [][]Run{nil, text("a")}},
		Block{Type: "table", Header: [][]Run{nil, text("b")}, Rows: [][][]Run{nil, {nil, nil}, {text("1"), nil}, {}}},
		Block{Type: "table", Rows: [][][]Run{{text("1")}, {text("1"), text("2")}}})
	pages := []Run{{Text: "Sales grew ("}, {Text: "p. 12", Page: 12}, {Text: ", "}, {Text: "S. 3", Italic: true, Page: 3}, {Text: ")."}}
	add("pages", Block{Type: "paragraph", Runs: pages}, Block{Type: "list", Items: [][]Run{pages}}, Block{Type: "table", Header: [][]Run{pages}})
	return out
}

// markup is the block editor's markup of a summary, written from the rules of WordPress 6.8 and apart from the plugin's code.
func markup(blocks []Block, document string) string {
	var parts []string
	for _, b := range blocks {
		if m := blockMarkup(b, document); m != "" {
			parts = append(parts, m)
		}
	}
	return strings.Join(parts, "\n\n")
}

func blockMarkup(b Block, document string) string {
	inner := runsMarkup(b.Runs, document)
	wrap := func(name, attributes, body string) string {
		return "<!-- wp:" + name + attributes + " -->\n" + body + "\n<!-- /wp:" + name + " -->"
	}
	switch b.Type {
	case "code":
		if b.Text != "" {
			return wrap("code", "", `<pre class="wp-block-code"><code>`+escaped(b.Text)+`</code></pre>`)
		}
		return ""
	case "list":
		return listMarkup(b, document, wrap)
	case "table":
		return tableMarkup(b, document, wrap)
	}
	paragraph := wrap("paragraph", "", "<p>"+inner+"</p>")
	switch {
	case inner == "":
		return ""
	case b.Type == "quote":
		return wrap("quote", "", `<blockquote class="wp-block-quote">`+paragraph+`</blockquote>`)
	case b.Type == "heading" && b.Level == 2:
		return wrap("heading", "", `<h2 class="wp-block-heading">`+inner+`</h2>`)
	case b.Type == "heading":
		return wrap("heading", fmt.Sprintf(` {"level":%d}`, b.Level), fmt.Sprintf(`<h%d class="wp-block-heading">%s</h%d>`, b.Level, inner, b.Level))
	}
	return paragraph
}

func listMarkup(b Block, document string, wrap func(name, attributes, body string) string) string {
	var items []string
	for _, it := range b.Items {
		items = append(items, wrap("list-item", "", "<li>"+runsMarkup(it, document)+"</li>"))
	}
	switch {
	case len(items) == 0:
		return ""
	case b.Ordered:
		return wrap("list", ` {"ordered":true}`, `<ol class="wp-block-list">`+strings.Join(items, "\n\n")+`</ol>`)
	}
	return wrap("list", "", `<ul class="wp-block-list">`+strings.Join(items, "\n\n")+`</ul>`)
}

func tableMarkup(b Block, document string, wrap func(name, attributes, body string) string) string {
	width := len(b.Header)
	for _, r := range b.Rows {
		width = max(width, len(r))
	}
	if width == 0 {
		return ""
	}
	row := func(cells [][]Run, tag string) string {
		out := "<tr>"
		for i := range width {
			cell := ""
			if i < len(cells) {
				cell = runsMarkup(cells[i], document)
			}
			out += "<" + tag + ">" + cell + "</" + tag + ">"
		}
		return out + "</tr>"
	}
	table := ""
	if len(b.Header) > 0 {
		table += "<thead>" + row(b.Header, "th") + "</thead>"
	}
	if len(b.Rows) > 0 {
		table += "<tbody>"
		for _, r := range b.Rows {
			table += row(r, "td")
		}
		table += "</tbody>"
	}
	return wrap("table", ` {"hasFixedLayout":false}`, `<figure class="wp-block-table"><table>`+table+`</table></figure>`)
}

func runsMarkup(runs []Run, document string) string {
	out := ""
	for _, r := range runs {
		out += runMarkup(r, document)
	}
	return strings.TrimSpace(out)
}

func runMarkup(r Run, document string) string {
	if r.Text == "" {
		return ""
	}
	out := escaped(r.Text)
	if r.Code {
		out = "<code>" + out + "</code>"
	}
	if r.Italic {
		out = "<em>" + out + "</em>"
	}
	if r.Bold {
		out = "<strong>" + out + "</strong>"
	}
	if r.Page > 0 {
		out = fmt.Sprintf(`<a href="%s#page=%d">%s</a>`, document, r.Page, out)
	}
	return out
}

// escaped is text as the plugin writes it into HTML: no tag, no shortcode, no entity that WordPress would write otherwise.
func escaped(s string) string {
	s = strings.NewReplacer("&#34;", `"`, "&#39;", "'").Replace(html.EscapeString(s))
	return strings.NewReplacer("[", "&#091;", "&amp;#", "&#038;#").Replace(s)
}
