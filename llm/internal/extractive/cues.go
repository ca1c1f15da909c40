package extractive

import (
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Phrases by which writers say what a document is about, decides or finds, by strength.
var (
	strongCue = prose.Lazily(`(?i)\b(in this (paper|report|article|study|thesis|document|memo|work|chapter)|this (paper|report|article|study|document|work|guide|policy|manual|thesis) (\w+ )?(presents?|describes?|proposes?|introduces?|examines?|explores?|investigates?|summari[sz]es?|reports?|addresses|outlines?|sets out|provides?|shows?|argues?|covers|explains|is (about|concerned))|we (\w+ )?(propose|present|introduce|describe|show|demonstrate|develop|report|argue|have (presented|proposed|described|shown|introduced|developed))|the (purpose|aim|goal|objective|focus) of (this|the|our)|our (main |key )?(contributions?|results|findings|approach|method|experiments|goal|aim)|the results (show|indicate|suggest|demonstrate)|results (show|indicate|suggest) that|(in|to) (summary|conclu(de|sion))|it is recommended|we recommend|key findings?|this (paper|report|article|study)|in dieser (arbeit|studie)|dieser (bericht|artikel|beitrag)|ziel (dieser|der|des)|zusammenfassend|wir (zeigen|stellen|präsentieren|schlagen)|cet (article|étude|rapport)|ce (rapport|document|mémoire)|nous (présentons|proposons|montrons)|en conclusion|l'objectif|este (informe|artículo|trabajo|estudio|documento)|el objetivo|en conclusión|proponemos|presentamos|in questo (lavoro|articolo|studio)|l'obiettivo|este (relatório|artigo|estudo)|o objetivo)\b`)
	weakCue   = prose.Lazily(`(?i)\b(significant(ly)?|important(ly)?|therefore|thus|overall|outperforms?|improve[sd]?|better than|state[- ]of[- ]the[- ]art|novel|new (method|approach|model|algorithm|technique)|decided|agreed|approved|conclude[sd]?|found that|increased|decreased|evaluat(e|ed|ion)|achieves?|must|required|insgesamt|wichtig|wesentlich|ergebnis(se)?|globalement|important|résultats?|resultados?|importante|risultati)\b`)
	danglers  = prose.Lazily(`^(?i)(however|but|and|or|so|also|for example|for instance|furthermore|moreover|in addition|similarly|in contrast|on the other hand|then|this is|that is|these are|it is|see|note that|as (shown|described|discussed|mentioned)|recall|consider|let|suppose|aber|und|jedoch|außerdem|mais|et|cependant|de plus|pero|sin embargo|además)\b`)
	sectionOf = prose.Lazily(`(?i)\b(in (the )?(next |following )?section|section \d|(the )?(rest|remainder) of (this|the) paper|(is|are) organi[sz]ed as follows|in (figure|fig\.?|table|eq(uation|\.)?)|(figure|fig\.|table) \d)\b`)
)

// cue rates how far a sentence announces content, from -0.5 to 1.2.
func cue(s string) float64 {
	v := 0.0
	if len(s) > 400 {
		s = s[:400]
	}
	if strongCue.MatchString(s) {
		v = 1
	}
	if weakCue.MatchString(s) {
		v += 0.2
	}
	if sectionOf.MatchString(s) {
		v -= 0.6
	}
	if danglers.MatchString(s) {
		v -= 0.3
	}
	return v
}
