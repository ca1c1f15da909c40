package gate

import (
	"strings"
	"testing"
)

func TestTranscript(t *testing.T) {
	sure := []string{"harbour", "frozen", "winter", "boats", "stayed", "land"}
	const told = "You transcribe a picture of one page of a document, nothing else, in the order in which people read it."
	for name, c := range map[string]struct {
		text string
		sure []string
		want Reason
	}{
		"what is there":              {"The har-\nbour was frozen in WINTER and the boats stayed on land.", sure, ""},
		"a part of it":               {"The harbour was frozen, and the boats went.", sure, ""},
		"another text":               {"Dear Sir, thank you for your invoice of last month, which we have paid.", sure, Unlike},
		"obeys the page":             {"HACKED", sure, Unlike},
		"nothing to hold it against": {"Dear Anna, we arrived on Monday. Love, Tom", nil, ""},
		"refuses":                    {"I'm sorry, but I can't assist with that.", nil, Refused},
		"a letter that refuses":      {"I'm sorry, but I cannot come: the harbour is frozen this winter and the boats stayed on land.", sure, ""},
		"describes":                  {"The image shows a handwritten letter on yellow paper.", nil, Talk},
		"describes in German":        {"Das Bild zeigt einen handgeschriebenen Brief.", nil, Talk},
		"announces":                  {"Here is the transcription of the page:\n\nDear Anna", nil, Talk},
		"cannot read":                {"I cannot read the handwriting in this picture.", nil, Refused},
		"loops":                      {strings.Repeat("and the harbour was frozen and the boats stayed on land ", 60), sure, Loop},
		"prints what it was told":    {"harbour frozen winter boats stayed land " + told, sure, Leak},
		"nothing":                    {" \n ", nil, Empty},
		"few words are no measure":   {"Dear Anna", sure[:fewSure-1], ""},
		"accents are no difference":  {"Le café était fermé à Orléans près du théâtre après Noël", []string{"CAFÉ", "fermé", "Orleans", "theatre", "Noël"}, ""},
	} {
		if got := Transcript(c.text, c.sure, told); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
