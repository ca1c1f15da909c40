package llm

import "strings"

// The few sentences that the engine itself adds to a summary, in its language or in English.
var sentences = map[string]map[string]string{
	"cut": {
		"en": "A part of this summary is missing: the model's answer was cut off.",
		"de": "Ein Teil dieser Zusammenfassung fehlt: Die Antwort des Modells wurde abgeschnitten.",
		"fr": "Une partie de ce résumé manque : la réponse du modèle a été coupée.",
		"es": "Falta una parte de este resumen: la respuesta del modelo quedó cortada.",
		"it": "Manca una parte di questo riassunto: la risposta del modello è stata troncata.",
		"pt": "Falta uma parte deste resumo: a resposta do modelo foi cortada.",
		"nl": "Een deel van deze samenvatting ontbreekt: het antwoord van het model werd afgebroken.",
	},
	"unfounded": {
		"en": "not found in the document", "de": "nicht im Dokument gefunden", "fr": "introuvable dans le document", "es": "no se encuentra en el documento",
		"it": "non trovato nel documento", "pt": "não encontrado no documento", "nl": "niet gevonden in het document",
		"ru": "не найдено в документе", "zh": "文件中未找到", "ja": "文書に見当たらない", "ar": "غير موجود في المستند",
	},
	"names": {"en": "Named in the document", "de": "Im Dokument genannt", "fr": "Cités dans le document", "es": "Mencionados en el documento",
		"it": "Nominati nel documento", "pt": "Mencionados no documento", "nl": "Genoemd in het document"},
	"people":        {"en": "People", "de": "Personen", "fr": "Personnes", "es": "Personas", "it": "Persone", "pt": "Pessoas", "nl": "Personen"},
	"organisations": {"en": "Organisations", "de": "Organisationen", "fr": "Organisations", "es": "Organizaciones", "it": "Organizzazioni", "pt": "Organizações", "nl": "Organisaties"},
	"dates":         {"en": "Dates", "de": "Daten", "fr": "Dates", "es": "Fechas", "it": "Date", "pt": "Datas", "nl": "Data"},
	"amounts":       {"en": "Amounts", "de": "Beträge", "fr": "Montants", "es": "Importes", "it": "Importi", "pt": "Valores", "nl": "Bedragen"},
}

func label(language, key string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(language, "_", "-")), "-")
	if s, ok := sentences[key][base]; ok {
		return s
	}
	return sentences[key]["en"]
}

// remark is a sentence of the engine's own below a summary.
func remark(s string) Block { return Block{Type: "paragraph", Runs: []Run{{Text: s, Italic: true}}} }
