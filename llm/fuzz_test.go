package llm

import (
	"encoding/json"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/gate"
)

// FuzzAnswer: whatever a model writes is read without a fault, and what is delivered of it is text that JSON can carry.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{
		goodAnswer, "```json\n{\"title\":\"a\",\"key_points\":[\"b (p. 1)\"]}\n```", `{"title":"a","abstract":"b","key_points":[{"text":"c","pages":[1,2],"quote":"d"}`,
		"<think>a</think>\n# b\n\nc", "<|channel|>final<|message|>x<|return|>", `{"a":[[[{"b":"\u12`, "[THINK]", "{", `{"summary":"# a\n\n- b"}`, "| a |\n|---|\n| |",
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, cut bool) {
		visible, _ := gate.Visible(s)
		a := parseAnswer(visible, "en", cut)
		for _, q := range a.quotes {
			if q.block >= len(a.blocks) || q.item >= len(a.blocks[q.block].Items) {
				t.Fatalf("a quotation of item %d of block %d, which is not there", q.item, q.block)
			}
		}
		if _, err := json.Marshal(a.blocks); err != nil {
			t.Fatal(err)
		}
		seen := a.read(visible)
		gate.Check(gate.Asked{Languages: []string{"de"}, Instructions: "a b c", Document: s}, seen)
		notesOf(visible, cut)
		if closed := closeJSON(s); len(closed) > len(s)+len(s) {
			t.Fatalf("%d characters became %d", len(s), len(closed))
		}
	})
}
