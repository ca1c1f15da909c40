package prose

import (
	"strings"
	"testing"
)

func TestCountWords(t *testing.T) {
	for s, want := range map[string]int{
		"":                     0,
		" \n\t ":               0,
		"one two, three.":      3,
		"don't stop":           2,
		"3.5 million":          2,
		"— – …":                0,
		"été à Paris":          3,
		"汉字四个":                 4,
		"مرحبا بالعالم":        2,
		"ภาษาไทย":              2,
		"word\u00adbreak e.g.": 2,
	} {
		if got := CountWords(s); got != want {
			t.Errorf("%q: got %d, want %d", s, got, want)
		}
	}
}

func TestDetectLanguage(t *testing.T) {
	for want, s := range map[string]string{
		"en": "The committee has decided that the budget of the next year shall not be raised before the report is there.",
		"de": "Der Ausschuss hat beschlossen, dass der Haushalt des nächsten Jahres nicht erhöht wird, bevor der Bericht vorliegt.",
		"fr": "Le comité a décidé que le budget de l'année prochaine ne sera pas augmenté avant que le rapport ne soit disponible.",
		"ja": "委員会は、報告書が出るまで来年の予算を増やさないことを決めました。これはとても重要な決定です。",
		"zh": "委员会决定在报告出来之前不增加明年的预算。这是一个重要的决定。",
		"":   "12 345 --- 67",
	} {
		if got := DetectLanguage(strings.Repeat(s+" ", 3)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
