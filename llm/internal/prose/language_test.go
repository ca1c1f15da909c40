package prose

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

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

// manual is a page of a technical manual, of the kind that trigrams alone were unsure of: terms, commands and tables between sentences.
const manual = `# Instalación

| Paquete | Versión | Tamaño |
| --- | --- | --- |
| debian-installer | 2023-06 | 512 MB |

El instalador comprueba primero si hay una conexión de red y descarga después los paquetes necesarios del servidor que se haya elegido.
$ sudo apt-get install grub-pc
Si el disco ya contiene otro sistema operativo, el programa pregunta al usuario qué particiones debe conservar y cuáles puede borrar.
if [ -f /etc/fstab ]; then mount -a -t ext4 /dev/sda1 /mnt; fi
`

func TestLongTextsKeepTheirLanguage(t *testing.T) {
	if got := DetectLanguage(strings.Repeat(manual, 400)); got != "es" {
		t.Errorf("a long manual in Spanish: got %q", got)
	}
}

func TestWhatTheTextSaysIsStrongerThanTheHint(t *testing.T) {
	pages := []Page{{Number: 1, Text: manual}}
	if got := Language(pages, "en"); got != "es" {
		t.Errorf("a Spanish page on an English site: got %q", got)
	}
	if got := Language([]Page{{Number: 1, Text: "42 - 17"}}, "de"); got != "de" {
		t.Errorf("where the text does not tell, the hint counts: got %q", got)
	}
}

func TestNamesAndNumbersAreNoLanguage(t *testing.T) {
	for _, s := range []string{
		"charttabyodawg\nWhamPuff\nTest Excel Spreasheet\nfoo\nbar 1\nbaz 2 9\nyadda yam 300 5\nYottaPuff\neksaxis\nwhyaxis\nfizzlepuff\ndingdong",
		strings.Repeat("| Alpha | Beta | Gamma | Delta |\n| 89 | 82 | 100 | 12 |\n", 30),
	} {
		if got := DetectLanguage(s); got != "" {
			t.Errorf("got %q for %.40q", got, s)
		}
	}
}

func TestStopWordsAndStems(t *testing.T) {
	for lang, word := range map[string]string{"en": "the", "de": "nicht", "pl": "się", "nb": "ikke", "ar": "على", "tr": "için"} {
		if !StopWords(lang)[word] {
			t.Errorf("%q is no stop word of %s", word, lang)
		}
	}
	if StopWords("xx") != nil {
		t.Error("a language without a list has stop words")
	}
	for _, c := range []struct{ lang, a, b string }{
		{"en", "running", "runs"}, {"de", "häuser", "haus"}, {"fr", "continuellement", "continuelle"}, {"ru", "важная", "важный"},
	} {
		if Stem(c.lang, c.a) != Stem(c.lang, c.b) {
			t.Errorf("%s: %q and %q have the stems %q and %q", c.lang, c.a, c.b, Stem(c.lang, c.a), Stem(c.lang, c.b))
		}
	}
	if got := Stem("xx", "words"); got != "words" {
		t.Errorf("a language without a stemmer: got %q", got)
	}
}

// Few pieces settle a text in one language; where they disagree, all of them are asked, and the language of the most text wins.
func TestAMixedTextIsAskedAllOver(t *testing.T) {
	en := "The committee has decided that the budget of the next year shall not be raised before the report is there. "
	de := "Der Ausschuss hat beschlossen, dass der Haushalt des nächsten Jahres nicht erhöht wird, bevor der Bericht vorliegt. "
	for want, s := range map[string]string{
		"en": strings.Repeat(en, 120) + strings.Repeat(de, 40),
		"de": strings.Repeat(en, 40) + strings.Repeat(de, 120),
	} {
		if got := DetectLanguage(s); got != want {
			t.Errorf("mostly %s: got %q", want, got)
		}
	}
	even := pieces(strings.Repeat(en, 400))
	if votes, total := vote(nil, even); len(votes) != 1 || total > 2*firstPieces {
		t.Errorf("a text in one language was asked for %.0f votes: %v", total, votes)
	}
}

// What stop words say beyond doubt spares the trigrams: it may be said of no text in another language, with a list of its own or without.
func TestStopWordsTellNoOtherLanguage(t *testing.T) {
	texts := map[string]string{
		"af": "Alle menslike wesens word vry, met gelyke waardigheid en regte, gebore. Hulle het rede en gewete en behoort in die gees van broederskap teenoor mekaar op te tree. ",
		"lb": "All Mënsch kënnt fräi a mat deer selwechter Dignitéit an deene selwechte Rechter op d'Welt. Jiddereen huet säi Verstand a säi Gewësse krut a soll an engem Geescht vu Bridderlechkeet deenen anere géintiwwer handelen. ",
		"gl": "Tódolos seres humanos nacen libres e iguais en dignidade e dereitos e, dotados como están de razón e conciencia, díbense comportar fraternalmente uns cos outros. ",
		"ca": "Tots els éssers humans neixen lliures i iguals en dignitat i en drets. Són dotats de raó i de consciència, i han de comportar-se fraternalment els uns amb els altres. ",
		"oc": "Totes los èssers umans naisson liures e egals en dignitat e en dreches. Son dotats de rason e de consciéncia e se devon comportar los unes amb los autres dins un esperit de fraternitat. ",
	}
	files, err := filepath.Glob("../tokens/testdata/??.txt")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d texts, %v", len(files), err)
	}
	for _, f := range files {
		if lang := strings.TrimSuffix(filepath.Base(f), ".txt"); lang != "go" { // a program
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			texts[lang] = string(raw)
		}
	}
	for lang, s := range texts {
		few := pieces(runningText(strings.Repeat(s, 1+4*pieceBytes/len(s))))
		if got := plainly(few[:fewPieces]); got != "" && got != lang {
			t.Errorf("a text in %s is taken for %s", lang, got)
		} else if lang == "en" && got == "" {
			t.Error("English is left to the trigrams")
		}
	}
	// One piece in another language leaves a doubt.
	if got := plainly(append(pieces(texts["en"])[:fewPieces-1], pieces(texts["de"])[0])); got != "" {
		t.Errorf("a text in two languages is told as %q", got)
	}
}
