package extractive

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// Phrases by which writers say what a document is about, decides or finds, by strength.
var (
	strongCue = pattern.Lazily(`\b(in this (paper|report|article|study|thesis|document|memo|work|chapter)|this (paper|report|article|study|document|work|guide|policy|manual|thesis) (\w+ )?(presents?|describes?|proposes?|introduces?|examines?|explores?|investigates?|summari[sz]es?|reports?|addresses|outlines?|sets out|provides?|shows?|argues?|covers|explains|is (about|concerned))|we (\w+ )?(propose|present|introduce|describe|show|demonstrate|develop|report|argue|have (presented|proposed|described|shown|introduced|developed))|the (purpose|aim|goal|objective|focus) of (this|the|our)|our (main |key )?(contributions?|results|findings|approach|method|experiments|goal|aim)|the results (show|indicate|suggest|demonstrate)|results (show|indicate|suggest) that|(in|to) (summary|conclu(de|sion))|it is recommended|we recommend|key findings?|this (paper|report|article|study)|in dieser (arbeit|studie)|dieser (bericht|artikel|beitrag)|ziel (dieser|der|des)|zusammenfassend|wir (zeigen|stellen|präsentieren|schlagen)|cet (article|étude|rapport)|ce (rapport|document|mémoire)|nous (présentons|proposons|montrons)|en conclusion|l'objectif|este (informe|artículo|trabajo|estudio|documento)|el objetivo|en conclusión|proponemos|presentamos|in questo (lavoro|articolo|studio)|l'obiettivo|este (relatório|artigo|estudo)|o objetivo)\b`)
	weakCue   = pattern.Lazily(`\b(significant(ly)?|important(ly)?|therefore|thus|overall|outperforms?|improve[sd]?|better than|state[- ]of[- ]the[- ]art|novel|new (method|approach|model|algorithm|technique)|decided|agreed|approved|conclude[sd]?|found that|increased|decreased|evaluat(e|ed|ion)|achieves?|must|required|insgesamt|wichtig|wesentlich|ergebnis(se)?|globalement|important|résultats?|resultados?|importante|risultati)\b`)
	// danglers begin a sentence that is not understood without the one before it.
	danglers  = pattern.Lazily(`^(?i)["“]?(however|but|and|or|so|also|for example|for instance|furthermore|moreover|in addition|similarly|in contrast|on the other hand|then|this is|that is|it is|see|note that|as (shown|described|discussed|mentioned|noted|above|before)|recall|consider|let|suppose|in other words|in fact|in particular|in this case|specifically|likewise|conversely|nevertheless|nonetheless|otherwise|instead|indeed|hence|here|there|he|she|they|it|his|her|their|its|this|these|those|such|both|another|the (former|latter|same|above|other|second|third|following)|aber|und|jedoch|außerdem|dies(e|er|es)?|er|sie|mais|et|cependant|de plus|il|elle|ce(tte|ci|la)?|pero|sin embargo|además|est[oae]s?|ma|però|inoltre|quest[oaei])\b`)
	others    = pattern.Lazily(`^(\p{Lu}[\p{L}'’.-]+( (and|&) \p{Lu}[\p{L}'’.-]+| et al\.?)? ?[(\[]?(19|20)\d\d|[\p{Lu}][\p{L}]+ et al)|\bfor (example|instance)\b|\be\.g\.|\b(just|previously|above)[- ](mentioned|described|discussed)\b`)
	sectionOf = pattern.Lazily(`\b(in (the )?(next |following )?section|section \d|(the )?(rest|remainder) of (this|the) paper|(is|are) organi[sz]ed as follows|in (figure|fig\.?|table|eq(uation|\.)?)|(figure|fig\.|table) \d)\b`)
)

// isDangling says whether a sentence is not understood without the one before it.
func isDangling(s string) bool { return danglers.MatchString(s) && !ownSubject.MatchString(s) }

// What every sentence with such a phrase holds: looked for first, because expressions are slow.
var (
	strongWords  = []string{"this ", "purpose", "aim", "goal", "objective", "focus", "we ", "our ", "results", "summary", "conclu", "recommend", "finding", "dieser", "ziel", "zusammenfassend", "wir ", "cet ", "ce ", "nous ", "l'ob", "este ", "el ob", "propon", "presenta", "questo", "o ob"}
	weakWords    = []string{"signific", "important", "wichtig", "therefore", "thus", "overall", "outperform", "improve", "better", "state", "novel", "new ", "decided", "agreed", "approved", "conclude", "found that", "creased", "evaluat", "achieve", "must", "required", "insgesamt", "wesentlich", "ergebnis", "globalement", "résultat", "resultado", "importante", "risultati"}
	sectionWords = []string{"section", "rest ", "remainder", "organi", "figure", "fig", "table", "eq"}
)

// ownSubject begins a sentence about the document itself, which stands on its own.
var ownSubject = pattern.Lazily(`^(?i)(this|these|dies(e|er|es)?|ce(t|tte)?|est[ea]|quest[oa]) (paper|report|article|study|document|work|guide|policy|manual|thesis|letter|memo|book|results?|arbeit|bericht|studie|handbuch|rapport|guide|étude|manuel|informe|manual|guía|documento|manuale|relazione)\b`)

// cue rates how far a sentence announces content, from -0.5 to 1.2.
func cue(s string) float64 {
	v := 0.0
	if len(s) > 400 {
		s = s[:400]
	}
	small := strings.ToLower(s)
	if containsAny(small, strongWords) && strongCue.MatchString(small) {
		v = 1
	}
	if containsAny(small, weakWords) && weakCue.MatchString(small) {
		v += 0.2
	}
	if containsAny(small, sectionWords) && sectionOf.MatchString(small) {
		v -= 0.6
	}
	if isDangling(s) {
		v -= 0.3
	}
	if others.MatchString(s) {
		v -= 0.4
	}
	return v
}
