package gate

import "testing"

func TestVisibleIsTheTextAfterTheLastThought(t *testing.T) {
	for name, c := range map[string]struct {
		in, want string
		done     bool
	}{
		"none":                      {"words", "words", true},
		"thought":                   {"<think>a</think>words", "words", true},
		"upper case":                {"<THINK>a</Think>\nwords", "words", true},
		"attribute":                 {"<thought kind=x>\na\n</thought>\nwords", "words", true},
		"only closing":              {"a\n</think>\n\nwords", "words", true},
		"only opening":              {"<think>\na", "", false},
		"opened again":              {"<think>a</think>words\n<think>b", "", false},
		"brackets":                  {"[THINK]a[/THINK]words", "words", true},
		"kimi":                      {"◁think▷a◁/think▷words", "words", true},
		"seed":                      {"<seed:think>a</seed:think>words", "words", true},
		"cohere":                    {"<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>words<|END_RESPONSE|>", "words", true},
		"answer tags":               {"<think>a</think>\n<answer>\nwords\n</answer>", "words", true},
		"channels":                  {"<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>words<|return|>", "words", true},
		"constrained channel":       {"<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>{}", "{}", true},
		"commentary only":           {"<|channel|>commentary<|message|>a", "", false},
		"channels without marks":    {"analysisWe need to write.assistantfinalwords", "words", true},
		"told of in backticks":      {"The tag `<think>` begins a thought, `</think>` ends it.", "The tag `<think>` begins a thought, `</think>` ends it.", true},
		"told of in quotes":         {"It prints \"<think>\" first.", "It prints \"<think>\" first.", true},
		"told of amid a line":       {"The tag <think> begins a thought and </think> ends it.", "The tag <think> begins a thought and </think> ends it.", true},
		"a word that begins a line": {"analysis of the budget\n\nwords", "analysis of the budget\n\nwords", true},
	} {
		t.Run(name, func(t *testing.T) {
			if got, done := Visible(c.in); got != c.want || done != c.done {
				t.Errorf("got %q, %v", got, done)
			}
		})
	}
}
