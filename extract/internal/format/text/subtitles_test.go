package text

import "testing"

func TestSubtitles(t *testing.T) {
	for in, want := range map[string]string{
		"WEBVTT - A talk\n\nNOTE by hand\n\n1\n00:11.000 --> 00:13.000 align:start\n<v Roger Bingham>We are <i>in</i> New York\n\n00:00:13.000 --> 00:00:16.000\nat the &amp; c.\n": "A talk\nRoger Bingham: We are in New York\nat the & c.",
		"1\r\n00:00:01,000 --> 00:00:02,500\r\nHello\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nthere":                                                                            "Hello\nthere",
	} {
		if got, ok := Subtitles(in); !ok || got != want {
			t.Errorf("got %q, %v, want %q", got, ok, want)
		}
	}
	for _, in := range []string{"", "A text.\n\nAnd more.", "Minutes\n\n00:00:01,000 --> 00:00:02,500\nx"} {
		if got, ok := Subtitles(in); ok {
			t.Errorf("%q: taken for subtitles: %q", in, got)
		}
	}
}

func FuzzSubtitles(f *testing.F) {
	f.Add("WEBVTT\n\n00:11.000 --> 00:13.000\n<v Ann>Hello\n")
	f.Fuzz(func(t *testing.T, in string) {
		if got, _ := Subtitles(in); len(got) > 6*len(in)+16 {
			t.Fatalf("%d bytes out of %d", len(got), len(in))
		}
	})
}
