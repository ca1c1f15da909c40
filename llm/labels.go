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
	"doubtful": {
		"en": "None of the statements below was found in the document: read it before you publish this.",
		"de": "Keine der folgenden Aussagen wurde im Dokument gefunden: Lesen Sie es, bevor Sie dies veröffentlichen.",
		"fr": "Aucune des affirmations ci-dessous n'a été trouvée dans le document : lisez-le avant de publier ceci.",
		"es": "Ninguna de las afirmaciones siguientes se encontró en el documento: léalo antes de publicar esto.",
		"it": "Nessuna delle affermazioni seguenti è stata trovata nel documento: leggetelo prima di pubblicare.",
		"pt": "Nenhuma das afirmações abaixo foi encontrada no documento: leia-o antes de publicar isto.",
		"nl": "Geen van de uitspraken hieronder is in het document gevonden: lees het voordat u dit publiceert.",
	},
	// {n} pages of {all} were read in part or wholly, {pages} are their numbers.
	"partly": {
		"en": "This document is longer than its budget: the model read chosen passages of {n} of its {all} pages ({pages}).",
		"de": "Dieses Dokument ist länger als sein Budget: Das Modell las ausgewählte Stellen von {n} der {all} Seiten ({pages}).",
		"fr": "Ce document dépasse son budget : le modèle a lu des passages choisis de {n} de ses {all} pages ({pages}).",
		"es": "Este documento supera su presupuesto: el modelo leyó pasajes escogidos de {n} de sus {all} páginas ({pages}).",
		"it": "Questo documento supera il suo budget: il modello ha letto passi scelti di {n} delle sue {all} pagine ({pages}).",
		"pt": "Este documento ultrapassa o seu orçamento: o modelo leu passagens escolhidas de {n} das suas {all} páginas ({pages}).",
		"nl": "Dit document is langer dan zijn budget: het model las gekozen passages van {n} van de {all} pagina's ({pages}).",
	},
	// As "partly".
	"long": {
		"en": "This document is too long to be read whole: its summary is of {n} of its {all} pages, from all over it ({pages}).",
		"de": "Dieses Dokument ist zu lang, um ganz gelesen zu werden: Die Zusammenfassung ist aus {n} der {all} Seiten, über das ganze Dokument verteilt ({pages}).",
		"fr": "Ce document est trop long pour être lu en entier : le résumé porte sur {n} de ses {all} pages, réparties sur tout le document ({pages}).",
		"es": "Este documento es demasiado largo para leerlo entero: el resumen es de {n} de sus {all} páginas, repartidas por todo el documento ({pages}).",
		"it": "Questo documento è troppo lungo per essere letto per intero: il riassunto riguarda {n} delle sue {all} pagine, distribuite su tutto il documento ({pages}).",
		"pt": "Este documento é longo demais para ser lido por inteiro: o resumo é de {n} das suas {all} páginas, distribuídas por todo o documento ({pages}).",
		"nl": "Dit document is te lang om helemaal te lezen: de samenvatting gaat over {n} van de {all} pagina's, verspreid over het hele document ({pages}).",
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
	"amounts":       {"en": "Amounts", "de": "Beträge", "fr": "Montants", "es": "Cantidades", "it": "Importi", "pt": "Valores", "nl": "Bedragen"},
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
