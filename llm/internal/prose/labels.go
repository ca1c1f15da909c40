package prose

// The few words that the extractive summary itself adds, in the document's language.
var labels = map[string]map[string]string{
	"en": {"points": "Key points", "sections": "Sections", "page": "p."},
	"de": {"points": "Kernaussagen", "sections": "Abschnitte", "page": "S."},
	"fr": {"points": "Points clés", "sections": "Sections", "page": "p."},
	"es": {"points": "Puntos clave", "sections": "Secciones", "page": "p."},
	"it": {"points": "Punti chiave", "sections": "Sezioni", "page": "p."},
	"pt": {"points": "Pontos principais", "sections": "Seções", "page": "p."},
	"nl": {"points": "Kernpunten", "sections": "Hoofdstukken", "page": "p."},
	"ru": {"points": "Основные положения", "sections": "Разделы", "page": "с."},
	"zh": {"points": "要点", "sections": "章节", "page": "第"},
	"ja": {"points": "要点", "sections": "各章", "page": "p."},
	"ar": {"points": "النقاط الرئيسية", "sections": "الأقسام", "page": "ص"},
}

// Label is one of the words that a summary adds itself (points, sections, page), in lang or in English.
func Label(lang, key string) string {
	if l, ok := labels[lang]; ok && !(lang == "zh" && key == "page") {
		return l[key]
	}
	return labels["en"][key]
}
