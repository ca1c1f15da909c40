package grounding

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// The benchmark of planted claims: true claims made of a document's own sentences in the ways in which models write them, and false ones
// made of them by changing what matters. It reads the texts of a corpus (AIDOC_CORPUS: a folder with A/gt, E/gt, F/in) and is skipped
// without one.
func TestPlantedClaims(t *testing.T) {
	corpus := os.Getenv("AIDOC_CORPUS")
	if corpus == "" {
		t.Skip("AIDOC_CORPUS names no folder of documents")
	}
	docs := readCorpus(t, corpus)
	r := rand.New(rand.NewPCG(11, 1))
	const each = 200
	lost := map[string][2]int{}
	truths := 0
	for truths < each {
		d := &docs[r.IntN(len(docs))]
		kind := trueKinds[truths%len(trueKinds)]
		c, x, ok := kind.make(r, d)
		if !ok {
			continue
		}
		truths++
		f := x.Check(c)
		n := lost[kind.name]
		n[1]++
		if f.Status != Found {
			n[0]++
			t.Logf("lost (%s, %s): %v %v\n  %q\n  %q %v", kind.name, d.name, f.Status, f.Missing, c.Text, c.Quote, c.Pages)
		}
		lost[kind.name] = n
	}
	caught := map[string][2]int{}
	lies := 0
	for lies < each {
		i := r.IntN(len(docs))
		kind := falseKinds[lies%len(falseKinds)]
		other := &docs[(i+1+r.IntN(len(docs)-1))%len(docs)]
		c, ok := kind.make(r, &docs[i], other)
		if !ok || written(docs[i].name) != written(other.name) {
			continue
		}
		lies++
		n := caught[kind.name]
		n[1]++
		if f := docs[i].index.Check(c); f.Status == Missing || f.Status == Moved {
			n[0]++
		} else {
			t.Logf("passed (%s, %s): %v\n  %q\n  %q %v", kind.name, docs[i].name, f.Status, c.Text, c.Quote, c.Pages)
		}
		caught[kind.name] = n
	}
	allLost, allCaught := report(t, "true claims lost", lost), report(t, "false claims caught", caught)
	if allLost*100 > 5*each {
		t.Errorf("%d of %d true claims are lost, more than 5 %%", allLost, each)
	}
	if allCaught*100 < 95*each {
		t.Errorf("%d of %d false claims are caught, less than 95 %%", allCaught, each)
	}
}

// written is the language that a document of the corpus is in, by its name: a lie in another one would be noticed for that.
func written(name string) string {
	for _, l := range []string{"zh", "ja", "fr", "es", "pt", "de"} {
		if strings.Contains(name, "-"+l+"_") || strings.Contains(name, "."+l+".") || strings.Contains(name, "."+l+"_") || strings.HasPrefix(name, "arxiv__Geo") && l == "de" {
			return l
		}
	}
	return "en"
}

func report(t *testing.T, what string, counts map[string][2]int) int {
	var names []string
	sum, total := 0, 0
	for n, c := range counts {
		names = append(names, n)
		sum, total = sum+c[0], total+c[1]
	}
	sort.Strings(names)
	line := fmt.Sprintf("%s: %d of %d", what, sum, total)
	for _, n := range names {
		line += fmt.Sprintf("; %s %d/%d", n, counts[n][0], counts[n][1])
	}
	t.Log(line)
	return sum
}

type corpusDoc struct {
	name      string
	language  string
	pages     []prose.Page
	sentences [][]string // of each page
	index     *Index
}

func readCorpus(t *testing.T, dir string) []corpusDoc {
	t.Helper()
	var docs []corpusDoc
	for _, pattern := range []string{"A/gt/sec10q*", "A/gt/arxiv*", "E/gt/*", "F/in/scisumm__*", "F/in/qmsum*", "B/gt/*"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			text := prose.Clean(string(b))
			d := corpusDoc{name: filepath.Base(f)}
			for start := 0; start < len(text) && len(d.pages) < 40; {
				end := min(len(text), start+2500)
				if i := strings.LastIndexByte(text[start:end], '\n'); i > 500 && end < len(text) {
					end = start + i
				}
				for end < len(text) && !utf8.RuneStart(text[end]) {
					end++
				}
				p := prose.Page{Number: len(d.pages) + 1, Text: text[start:end]}
				d.pages = append(d.pages, p)
				d.sentences = append(d.sentences, goodSentences(p.Text))
				start = end
			}
			d.language = prose.Language(d.pages, "")
			if len(d.pages) >= 3 {
				d.index = New(d.pages, d.language)
				docs = append(docs, d)
			}
		}
	}
	if len(docs) < 10 {
		t.Fatalf("%d documents in %s prove nothing", len(docs), dir)
	}
	return docs
}

// goodSentences are those that a summary could rest on.
func goodSentences(text string) []string {
	var out []string
	for _, para := range strings.Split(text, "\n\n") {
		for _, s := range prose.Sentences(prose.OneLine(para)) {
			s = strings.TrimSpace(s)
			w := strings.Fields(s)
			letters := 0
			for _, r := range s {
				if unicode.IsLetter(r) || r == ' ' {
					letters++
				}
			}
			cjk := strings.IndexFunc(s, prose.IsCJK) >= 0
			if !cjk && (len(w) < 9 || len(w) > 45) || cjk && (utf8.RuneCountInString(s) < 16 || utf8.RuneCountInString(s) > 120) {
				continue
			}
			if letters*10 < utf8.RuneCountInString(s)*8 || !prose.EndsSentence(s) || prose.StartsLower(s) || len(content(s)) < 5 {
				continue
			}
			out = append(out, s)
		}
	}
	return out
}

func (d *corpusDoc) pick(r *rand.Rand, fits func(string) bool) (sentence string, page int, ok bool) {
	for range 60 {
		p := r.IntN(len(d.sentences))
		if len(d.sentences[p]) == 0 {
			continue
		}
		if s := d.sentences[p][r.IntN(len(d.sentences[p]))]; fits == nil || fits(s) {
			return s, d.pages[p].Number, true
		}
	}
	return "", 0, false
}

// quoteOf is a run of words of a sentence.
func quoteOf(r *rand.Rand, s string) string {
	if strings.IndexFunc(s, prose.IsCJK) >= 0 {
		c := []rune(s)
		n := min(len(c), 10+r.IntN(10))
		at := r.IntN(len(c) - n + 1)
		return string(c[at : at+n])
	}
	w := strings.Fields(s)
	n := min(len(w), 6+r.IntN(8))
	at := r.IntN(len(w) - n + 1)
	return strings.Join(w[at:at+n], " ")
}

type trueKind struct {
	name string
	make func(r *rand.Rand, d *corpusDoc) (Claim, *Index, bool)
}

var trueKinds = []trueKind{
	{"as written", func(r *rand.Rand, d *corpusDoc) (Claim, *Index, bool) {
		s, p, ok := d.pick(r, nil)
		return Claim{Text: s, Quote: quoteOf(r, s), Pages: []int{p}}, d.index, ok
	}},
	{"shortened", func(r *rand.Rand, d *corpusDoc) (Claim, *Index, bool) {
		s, p, ok := d.pick(r, nil)
		return Claim{Text: shorten(r, s), Quote: quoteOf(r, s), Pages: []int{p}}, d.index, ok
	}},
	{"other type", func(r *rand.Rand, d *corpusDoc) (Claim, *Index, bool) {
		s, p, ok := d.pick(r, nil)
		q := strings.NewReplacer("“", `"`, "”", `"`, "’", "'", "–", "-", "—", "-", " ", "  ").Replace(quoteOf(r, s))
		return Claim{Text: shorten(r, s), Quote: strings.ToUpper(q[:1]) + q[1:] + ".", Pages: []int{p}}, d.index, ok && q[0] < 0x80
	}},
	{"quotation with a gap", func(r *rand.Rand, d *corpusDoc) (Claim, *Index, bool) {
		s, p, ok := d.pick(r, func(s string) bool { return len(strings.Fields(s)) > 16 })
		w := strings.Fields(s)
		if !ok {
			return Claim{}, nil, false
		}
		return Claim{Text: s, Quote: strings.Join(w[:6], " ") + " … " + strings.Join(w[len(w)-5:], " "), Pages: []int{p}}, d.index, ok
	}},
	{"badly recognised page", func(r *rand.Rand, d *corpusDoc) (Claim, *Index, bool) {
		s, p, ok := d.pick(r, nil)
		if !ok || !ascii(s) {
			return Claim{}, nil, false
		}
		pages := append([]prose.Page(nil), d.pages...)
		for i := range pages {
			if pages[i].Number == p {
				pages[i].Text = misread(r, pages[i].Text)
			}
		}
		return Claim{Text: shorten(r, s), Quote: quoteOf(r, s), Pages: []int{p}}, New(pages, d.language), true
	}},
	{"rounded", func(r *rand.Rand, d *corpusDoc) (Claim, *Index, bool) {
		s, p, ok := d.pick(r, func(s string) bool { return big.MatchString(s) })
		if !ok {
			return Claim{}, nil, false
		}
		m := big.FindString(s)
		v, _, _ := valueOf(m)
		if v < 1e5 {
			return Claim{}, nil, false
		}
		return Claim{Text: strings.Replace(s, m, fmt.Sprintf("%.1f million", v/1e6), 1), Quote: quoteOf(r, s), Pages: []int{p}}, d.index, v >= 1e6
	}},
	{"no quotation", func(r *rand.Rand, d *corpusDoc) (Claim, *Index, bool) {
		s, p, ok := d.pick(r, nil)
		return Claim{Text: shorten(r, s), Pages: []int{p}}, d.index, ok
	}},
	{"no quotation, no page", func(r *rand.Rand, d *corpusDoc) (Claim, *Index, bool) {
		s, _, ok := d.pick(r, nil)
		return Claim{Text: shorten(r, s)}, d.index, ok
	}},
	{"another language", func(r *rand.Rand, d *corpusDoc) (Claim, *Index, bool) {
		s, p, ok := d.pick(r, nil)
		return Claim{Text: "Es geht um die Sache, von der dort die Rede ist.", Quote: quoteOf(r, s), Pages: []int{p}, Language: "de"}, d.index, ok && d.language != "de"
	}},
}

type falseKind struct {
	name string
	make func(r *rand.Rand, d, other *corpusDoc) (Claim, bool)
}

var falseKinds = []falseKind{
	{"wrong page", func(r *rand.Rand, d, _ *corpusDoc) (Claim, bool) {
		s, p, ok := d.pick(r, nil)
		q := quoteOf(r, s+"")
		wrong := d.pages[r.IntN(len(d.pages))].Number
		if !ok || wrong == p || strings.Contains(prose.OneLine(d.pages[wrong-1].Text), q) {
			return Claim{}, false
		}
		return Claim{Text: shorten(r, s), Quote: q, Pages: []int{wrong}}, true
	}},
	{"wrong page, unquoted", func(r *rand.Rand, d, _ *corpusDoc) (Claim, bool) {
		s, p, ok := d.pick(r, nil)
		wrong := d.pages[r.IntN(len(d.pages))].Number
		if !ok || wrong == p || strings.Contains(prose.OneLine(d.pages[wrong-1].Text), s) {
			return Claim{}, false
		}
		return Claim{Text: shorten(r, s), Pages: []int{wrong}}, true
	}},
	{"page that is not there", func(r *rand.Rand, d, _ *corpusDoc) (Claim, bool) {
		s, _, ok := d.pick(r, nil)
		return Claim{Text: shorten(r, s), Quote: quoteOf(r, s+""), Pages: []int{999}}, ok
	}},
	{"another document's", func(r *rand.Rand, d, other *corpusDoc) (Claim, bool) {
		s, _, ok := other.pick(r, nil)
		return Claim{Text: s, Quote: quoteOf(r, s+""), Pages: []int{1 + r.IntN(len(d.pages))}}, ok
	}},
	{"another document's, unquoted", func(r *rand.Rand, d, other *corpusDoc) (Claim, bool) {
		s, _, ok := other.pick(r, nil)
		return Claim{Text: s, Pages: []int{1 + r.IntN(len(d.pages))}}, ok
	}},
	{"borrowed quotation", func(r *rand.Rand, d, other *corpusDoc) (Claim, bool) {
		s, _, ok := other.pick(r, nil)
		mine, p, ok2 := d.pick(r, nil)
		return Claim{Text: s, Quote: quoteOf(r, mine+""), Pages: []int{p}}, ok && ok2
	}},
	{"changed figure", func(r *rand.Rand, d, _ *corpusDoc) (Claim, bool) {
		s, p, ok := d.pick(r, figured)
		if !ok {
			return Claim{}, false
		}
		s = changeFigure(r, s)
		return Claim{Text: s, Quote: s, Pages: []int{p}}, true
	}},
	{"changed figure beside a true quotation", func(r *rand.Rand, d, _ *corpusDoc) (Claim, bool) {
		s, p, ok := d.pick(r, figured)
		if !ok {
			return Claim{}, false
		}
		return Claim{Text: changeFigure(r, s), Quote: quoteOf(r, s), Pages: []int{p}}, true
	}},
	{"changed figure, unquoted", func(r *rand.Rand, d, _ *corpusDoc) (Claim, bool) {
		s, p, ok := d.pick(r, figured)
		if !ok {
			return Claim{}, false
		}
		return Claim{Text: changeFigure(r, s), Pages: []int{p}}, true
	}},
	{"changed name", func(r *rand.Rand, d, _ *corpusDoc) (Claim, bool) {
		s, p, ok := d.pick(r, func(s string) bool { return len(names(s, d.language)) > 0 })
		if !ok {
			return Claim{}, false
		}
		s, ok = changeName(r, s)
		return Claim{Text: s, Quote: s, Pages: []int{p}}, ok
	}},
	{"changed name, unquoted", func(r *rand.Rand, d, _ *corpusDoc) (Claim, bool) {
		s, p, ok := d.pick(r, func(s string) bool { return len(names(s, d.language)) > 0 })
		if !ok {
			return Claim{}, false
		}
		lie, ok := changeName(r, s)
		return Claim{Text: lie, Pages: []int{p}}, ok
	}},
	{"changed name beside a true quotation", func(r *rand.Rand, d, _ *corpusDoc) (Claim, bool) {
		s, p, ok := d.pick(r, func(s string) bool { return len(names(s, d.language)) > 0 })
		if !ok {
			return Claim{}, false
		}
		lie, ok := changeName(r, s)
		return Claim{Text: lie, Quote: quoteOf(r, s), Pages: []int{p}}, ok
	}},
}

var big = pattern.Lazily(`\b\d{1,3}(,\d{3}){2,}\b`)

func figured(s string) bool { return longNumber.MatchString(s) }

var longNumber = pattern.Lazily(`\b\d{2,}\b`)

// changeFigure makes another number of a figure in s.
func changeFigure(r *rand.Rand, s string) string {
	at := longNumber.FindStringSubmatchIndex(s)
	b := []byte(s)
	for i := at[0]; i < at[1]; i++ {
		if i == at[0] {
			b[i] = '1' + byte((int(b[i]-'1')+1+r.IntN(8))%9)
		} else {
			b[i] = '0' + byte((int(b[i]-'0')+1+r.IntN(9))%10)
		}
	}
	return string(b)
}

var strangers = []string{"Zorblax", "Quindleton", "Varnoheim", "Templewick", "Oskarvant", "Brimhollow"}

func changeName(r *rand.Rand, s string) (string, bool) {
	for _, w := range strings.Fields(s)[1:] {
		core := strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
		if f := prose.Fold(core); len(f) == 1 && names(s, "en")[f[0]] != "" && len(core) > 3 {
			return strings.Replace(s, " "+w, " "+strings.Replace(w, core, strangers[r.IntN(len(strangers))], 1), 1), true
		}
	}
	return "", false
}

// shorten says a sentence in fewer words and in another order, as a summary would.
func shorten(r *rand.Rand, s string) string {
	if strings.IndexFunc(s, prose.IsCJK) >= 0 {
		return s
	}
	var kept []string
	for _, w := range strings.Fields(s) {
		if f := prose.Fold(w); len(f) == 1 && common[f[0]] || len(w) > 4 && !hasDigit(w) && r.IntN(5) == 0 {
			continue
		}
		kept = append(kept, w)
	}
	if i := len(kept) / 2; r.IntN(3) == 0 && i > 2 {
		kept = append(append([]string{}, kept[i:]...), kept[:i]...)
	}
	return strings.Join(kept, " ")
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 0x7f }) < 0
}

// misread makes the mistakes of recognition: one letter in fifty.
func misread(r *rand.Rand, s string) string {
	return strings.Map(func(c rune) rune {
		if r.IntN(50) > 0 {
			return c
		}
		switch c {
		case 'e':
			return 'c'
		case 'l':
			return 'i'
		case 'o':
			return 'a'
		case 'n':
			return 'u'
		case 't':
			return 'f'
		case 'h':
			return 'b'
		}
		return c
	}, s)
}
