package markdown

import "testing"

func TestTameKeepsWordsAndTakesMarkupApart(t *testing.T) {
	for in, want := range map[string]string{
		"<script>alert(1)</script> words":          "alert(1) words",
		"<scr<script>ipt>x":                        "x",
		"a <b and c> d":                            "a <b and c> d",
		"2 < 3 and 5 > 4":                          "2 < 3 and 5 > 4",
		"The tag <think> begins":                   "The tag <think> begins",
		"see https://example.org/a?b=1 now":        "see example.org/a?b=1 now",
		"https://www.youtube.com/watch?v=1":        "youtube.com/watch?v=1",
		"mailto:a@example.org or a@example.org":    "a@example.org or a@example.org",
		`[gallery ids="1,2"] and [embed]x[/embed]`: `(gallery ids="1,2") and (embed)x(/embed)`,
		"[[escaped]] [1] [A] [Smith 2001]":         "(escaped) [1] [A] [Smith 2001]",
		"x <!-- wp:html --> y":                     "x  y",
		"zero\u200bwidth":                          "zerowidth",
		"Note: data: 5, ratio 3:2":                 "Note: data: 5, ratio 3:2",
	} {
		if got := TameText(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"<!-- wp:html --><b>x</b>": "< !-- wp:html --><b>x</b>",
		"a[index] = b[i]":          "a[index] = b[i]",
		"curl https://x.org/y":     "curl x.org/y",
		"[gallery]":                "[ gallery ]",
	} {
		if got := tameCode(in); got != want {
			t.Errorf("code %q: got %q, want %q", in, got, want)
		}
	}
}
