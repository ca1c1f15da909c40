package extractive

import (
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

var (
	salutation = pattern.Lazily(`(?i)^(dear|sehr geehrte[rs]?|liebe[rs]?|guten tag|(chère?|cher) |(madame|monsieur|mesdames|messieurs)\b|estimad[oa]s?|querid[oa]s?|gentil(e|i)|egregi[oa]|car[oa] |prezad[oa]s?|car[oa]s? |geachte|beste |уважаем|hello\b|hi\b)([\p{L}\p{M} .'’,/&-]{0,60})[,:!]?\s*$`)
	closing    = pattern.Lazily(`(?i)^(yours (sincerely|faithfully|truly)|sincerely|respectfully|(kind|best|warm|with( best| kind)?)? ?regards|best wishes|mit (freundlichen|besten|herzlichen) grüßen|freundliche grüße|hochachtungsvoll|cordialement|(bien )?cordialement|(veuillez|je vous prie d.)\s?agréer|salutations|atentamente|(un )?saludos?|cordiali saluti|distinti saluti|atenciosamente|cumprimentos|met vriendelijke groet(en)?|hoogachtend|с уважением)\b`)
	mailFrom   = pattern.Lazily(`(?i)^(from|von|de|da|van|от)\s?:\s+(\S.*)$`)
	mailTo     = pattern.Lazily(`(?i)^(to|an|à|para|a|aan|кому)\s?:\s+(\S.*)$`)
	mailTopic  = pattern.Lazily(`(?i)^(subject|re|betreff|betr\.|objet|asunto|oggetto|assunto|onderwerp|тема)\s?:\s+(\S.*)$`)
	asking     = pattern.Lazily(`(?i)\b(please|kindly|(could|would|can|will) you|i (ask|request|urge|would like to (ask|request))|we (ask|request|urge|require|would (like|appreciate|be grateful))|(would|should) (appreciate|be grateful)|no later than|deadline|respond|reply|let (me|us) know|bitte|wir (bitten|ersuchen|fordern)|ich bitte|spätestens|veuillez|nous vous (prions|demandons|saurions)|je vous (prie|demande)|merci de|rogamos|le(s)? (ruego|pido|solicit)\p{L}*|por favor|solicit(o|amos)|la preghiamo|vi preghiamo|per favore|chiediamo|solicitamos|verzoek(en)?|gelieve|пожалуйста|просим|прошу)\b`)
	addressee  = pattern.Lazily(`^((\p{Lu}[\p{L}'’.-]*|of|the|and|&|de|du|la|von|van|der|für|y|e),?\s?){1,8}$`)
)

func (s *scored) isLetter() bool {
	if s.has(mailFrom, 12) && (s.has(mailTo, 12) || s.has(mailTopic, 12)) {
		return true
	}
	if !s.has(salutation, 40) || len(s.sentences) > 150 {
		return false
	}
	return s.has(closing, openingLines) || s.countMatches(closing) > 0 || s.countMatches(asking) > 0
}

// letterBlocks tell who writes to whom, what it is about and what is asked.
func (s *scored) letterBlocks(cite bool) []markdown.Block {
	from, to, topic := s.correspondents()
	var out []markdown.Block
	lead := ""
	switch {
	case from != "" && to != "":
		lead = prose.Fill(s.lang, "from", from, to)
	case from != "":
		lead = prose.Fill(s.lang, "fromOnly", from)
	case to != "":
		lead = prose.Fill(s.lang, "toOnly", to)
	}
	if topic != "" && lead != "" {
		lead += ": " + topic
	}
	if lead != "" {
		out = append(out, paragraph(strings.TrimRight(lead, ".")+"."))
	}
	var asked []int
	p := newPicker(s)
	for i := range s.sentences {
		if s.score[i] > 0 && len(asked) < 3 && asking.MatchString(s.sentences[i].text) && !farewell.MatchString(s.sentences[i].text) {
			asked = append(asked, i)
			p.take(i)
		}
	}
	n := 2
	if words := s.words(); words < 120 {
		n = 1
	}
	said := slices.DeleteFunc(s.candidates(), func(i int) bool {
		return farewell.MatchString(s.sentences[i].text) || asking.MatchString(s.sentences[i].text)
	})
	var main []int
	if len(said) > 0 { // a letter begins with its reason
		main = append(main, slices.Min(said))
		p.take(main[0])
	}
	for len(main) < n && p.best(said, 60) {
		main = append(main, p.chosen[len(p.chosen)-1])
	}
	if len(main) > 0 {
		out = append(out, s.quoted(main, cite))
	}
	return append(out, s.listed("asked", asked, cite)...)
}

// farewell is a request that only ends a letter.
var farewell = pattern.Lazily(`(?i)(do not|don.t) hesitate|feel free|any (further )?questions|agréer|unsubscribe|print this e-?mail|look(ing)? forward|rückfragen|zur verfügung|remerci|salutations|compréhension|verständnis|saludo|thank you for`)

// correspondents reads the head of a mail, or a letter's salutation and the name below its closing.
func (s *scored) correspondents() (from, to, topic string) {
	for i, l := range s.opening {
		l = strings.TrimSpace(strings.TrimLeft(l, "#*> "))
		if i < 15 {
			if m := mailFrom.FindStringSubmatch(l); m != nil && from == "" {
				from = person(m[2])
			}
			if m := mailTo.FindStringSubmatch(l); m != nil && to == "" {
				to = person(m[2])
			}
		}
		if m := mailTopic.FindStringSubmatch(l); m != nil && topic == "" && i < 40 {
			topic = prose.Clip(m[2], 120)
		}
		if m := salutation.FindStringSubmatch(l); m != nil && to == "" {
			if to = strings.Trim(m[len(m)-1], " ,:!"); anybody.MatchString(to) {
				to = ""
			}
		}
		if closing.MatchString(l) && from == "" && i+1 < len(s.opening) {
			if next := strings.Trim(s.opening[i+1], " ,"); addressee.MatchString(next) {
				from = next
			}
		}
	}
	return from, to, topic
}

// anybody is whom a letter greets that knows no name.
var anybody = pattern.Lazily(`(?i)^((sir|madam|sirs|damen|herren|monsieur|madame|mesdames|messieurs|señor(es|a|as)?|signor[ei]|senhor(es|a)?|or|and|und|et|y|/|e|all|team|everyone|colleagues?|friends?),?\s?)*$`)

var mailAddress = pattern.Lazily(`\s*[<(\[][^<>()\[\]]*@[^<>()\[\]]*[>)\]]`)

// person is a name without the address behind it; of several, the first and how many more.
func person(s string) string {
	s = strings.Trim(mailAddress.ReplaceAllString(s, ""), ` "';,`)
	s = strings.ReplaceAll(s, `"`, "")
	return prose.Clip(prose.OneLine(s), 80)
}
