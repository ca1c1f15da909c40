package markdown

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestParseMarkdown(t *testing.T) {
	for name, c := range map[string]struct{ md, want string }{
		"heading levels": {"# One\n\n###### Six", `[{"type":"heading","level":2,"runs":[{"text":"One"}]},{"type":"heading","level":4,"runs":[{"text":"Six"}]}]`},
		"emphasis":       {"a **b** *c* `d`", `[{"type":"paragraph","runs":[{"text":"a "},{"text":"b","bold":true},{"text":" "},{"text":"c","italic":true},{"text":" "},{"text":"d","code":true}]}]`},
		"link":           {"see [the site](http://evil.example/?x=1) now", `[{"type":"paragraph","runs":[{"text":"see the site now"}]}]`},
		"image":          {"![a cat](http://evil.example/t.png)", `[{"type":"paragraph","runs":[{"text":"a cat"}]}]`},
		"html":           {"<script>alert(1)</script>\n\nx <b onclick=y>bold</b>", `[{"type":"paragraph","runs":[{"text":"x bold"}]}]`},
		"entity":         {"&lt;script&gt; \\&lt; AT&T", `[{"type":"paragraph","runs":[{"text":"\u003cscript\u003e \u0026lt; AT\u0026T"}]}]`},
		"nested list":    {"- a\n  - b\n    1. c\n- d", `[{"type":"list","items":[[{"text":"a"}],[{"text":"b"}],[{"text":"c"}],[{"text":"d"}]]}]`},
		"ordered":        {"1. a\n2. b", `[{"type":"list","ordered":true,"items":[[{"text":"a"}],[{"text":"b"}]]}]`},
		"code":           {"```go\nx := `1`\n```", "[{\"type\":\"code\",\"text\":\"x := `1`\"}]"},
		"quote":          {"> said he\n> so", `[{"type":"quote","runs":[{"text":"said he so"}]}]`},
		"table":          {"| a | b |\n|---|---|\n| 1 |\n", `[{"type":"table","header":[[{"text":"a"}],[{"text":"b"}]],"rows":[[[{"text":"1"}],[]]]}]`},
		"controls":       {"a\u202eb\x00c\u0007", `[{"type":"paragraph","runs":[{"text":"abc"}]}]`},
		"nothing":        {"   \n\n", `null`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := json.Marshal(Parse(c.md))
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestMarkdownReadsBackAsTheSameBlocks(t *testing.T) {
	for _, blocks := range [][]Block{
		{{Type: "heading", Level: 2, Runs: []Run{{Text: "A # heading *with* marks"}}}},
		{{Type: "paragraph", Runs: []Run{{Text: "1. not a list, <b>not HTML</b>, [no](link) & no &amp; a_b_c"}}}},
		{{Type: "paragraph", Runs: []Run{{Text: "- no item"}}}},
		{{Type: "paragraph", Runs: []Run{{Text: "bold", Bold: true}, {Text: " then "}, {Text: "a`b", Code: true}, {Text: " and "}, {Text: "both", Bold: true, Italic: true}}}},
		{{Type: "list", Items: [][]Run{{{Text: "# one"}}, {{Text: "two", Italic: true}, {Text: ": x"}}}}, {Type: "list", Items: [][]Run{{{Text: "another list"}}}}},
		{{Type: "list", Ordered: true, Items: [][]Run{{{Text: "one"}}, {{Text: "two"}}}}},
		{{Type: "code", Text: "```\nfence in code\n```"}},
		{{Type: "quote", Runs: []Run{{Text: "> quoted"}}}},
		{{Type: "table", Header: [][]Run{{{Text: "a|b"}}, {{Text: "c"}}}, Rows: [][][]Run{{{{Text: "1"}}, {{Text: "2"}}}}}},
	} {
		md := Write(blocks)
		if got := Parse(md); !reflect.DeepEqual(got, blocks) {
			t.Errorf("%q\ngot  %+v\nwant %+v", md, got, blocks)
		}
	}
}

func TestParseMarkdownLimits(t *testing.T) {
	if n := len(Parse(strings.Repeat("p\n\n", 2000))); n != maxBlocks {
		t.Errorf("got %d blocks, want %d", n, maxBlocks)
	}
	b := Parse(strings.Repeat("ä", 50_000))
	if n := len([]rune(b[0].Runs[0].Text)); n != maxRunRunes {
		t.Errorf("got a run of %d characters, want %d", n, maxRunRunes)
	}
}

func FuzzParseMarkdown(f *testing.F) {
	for _, s := range []string{"# a\n\n- b\n  - c\n\n> d\n\n```\ne\n```\n", "| a |\n|---|\n| `|` |", "<div>\n*x*\n</div>", "[a]: http://x\n[a]", "**a *b***", "1. a\n\n   b\n2. > c", "\\&lt;&#0;&#x202e;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		blocks := Parse(s)
		if len(blocks) > maxBlocks {
			t.Fatalf("%d blocks", len(blocks))
		}
		once := Parse(Write(blocks))
		if a, b := plainOf(blocks), plainOf(once); a != b {
			t.Fatalf("the text changes in a round trip:\n%q\n%q", a, b)
		}
	})
}

// plainOf is all text of blocks without spaces and marks of style.
func plainOf(blocks []Block) string {
	var b strings.Builder
	for _, k := range blocks {
		b.WriteString(PlainText(k))
		for _, r := range append([][][]Run{k.Header}, k.Rows...) {
			for _, c := range r {
				for _, x := range c {
					b.WriteString(x.Text)
				}
			}
		}
	}
	return strings.Join(strings.Fields(b.String()), "")
}
