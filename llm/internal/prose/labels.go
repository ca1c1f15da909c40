package prose

import "strings"

// The few words that the extractive summary itself adds, in the document's language. %1 and %2 are filled in.
var labels = map[string]map[string]string{
	"en": {"points": "Key points", "sections": "Sections", "page": "p.", "figures": "Figures", "decisions": "Decisions", "actions": "Actions", "speakers": "Speakers", "present": "Present", "topics": "Topics", "asked": "What is asked", "from": "From %1 to %2", "fromOnly": "From %1", "toOnly": "To %1", "mention": "%1 of %2 mention it", "range": "%1 to %2",
		"table": "table", "tables": "tables", "sheet": "sheet", "sheets": "sheets", "column": "column", "columns": "columns", "row": "row", "rows": "rows", "code": "Source code, commands or a log, %1 lines", "defines": "Defines %1",
		"unreadable": "The text of this document could not be read well enough for a summary: about %1 % of it looks like words.", "unsure": "The text of this document could not be read well enough for a summary: its recognition is %1 % sure.", "nothing": "This document holds no sentences that a summary could quote."},
	"de": {"points": "Kernaussagen", "sections": "Abschnitte", "page": "S.", "figures": "Zahlen", "decisions": "Beschlüsse", "actions": "Aufgaben", "speakers": "Es sprechen", "present": "Anwesend", "topics": "Themen", "asked": "Worum gebeten wird", "from": "Von %1 an %2", "fromOnly": "Von %1", "toOnly": "An %1", "mention": "%1 von %2 nennen es", "range": "%1 bis %2",
		"table": "Tabelle", "tables": "Tabellen", "sheet": "Blatt", "sheets": "Blätter", "column": "Spalte", "columns": "Spalten", "row": "Zeile", "rows": "Zeilen", "code": "Quelltext, Befehle oder ein Protokoll, %1 Zeilen", "defines": "Definiert %1",
		"unreadable": "Der Text dieses Dokuments war für eine Zusammenfassung nicht gut genug lesbar: etwa %1 % davon sehen wie Wörter aus.", "unsure": "Der Text dieses Dokuments war für eine Zusammenfassung nicht gut genug lesbar: Die Erkennung ist zu %1 % sicher.", "nothing": "Dieses Dokument enthält keine Sätze, die eine Zusammenfassung zitieren könnte."},
	"fr": {"points": "Points clés", "sections": "Sections", "page": "p.", "figures": "Chiffres", "decisions": "Décisions", "actions": "Actions", "speakers": "Intervenants", "present": "Présents", "topics": "Thèmes", "asked": "Ce qui est demandé", "from": "De %1 à %2", "fromOnly": "De %1", "toOnly": "À %1", "mention": "%1 sur %2 en parlent", "range": "%1 à %2",
		"table": "tableau", "tables": "tableaux", "sheet": "feuille", "sheets": "feuilles", "column": "colonne", "columns": "colonnes", "row": "ligne", "rows": "lignes", "code": "Code source, commandes ou journal, %1 lignes", "defines": "Définit %1",
		"unreadable": "Le texte de ce document n'a pas pu être lu assez bien pour un résumé : environ %1 % ressemble à des mots.", "unsure": "Le texte de ce document n'a pas pu être lu assez bien pour un résumé : la reconnaissance est sûre à %1 %.", "nothing": "Ce document ne contient pas de phrases qu'un résumé pourrait citer."},
	"es": {"points": "Puntos clave", "sections": "Secciones", "page": "p.", "figures": "Cifras", "decisions": "Decisiones", "actions": "Tareas", "speakers": "Intervienen", "present": "Presentes", "topics": "Temas", "asked": "Lo que se pide", "from": "De %1 a %2", "fromOnly": "De %1", "toOnly": "A %1", "mention": "%1 de %2 lo mencionan", "range": "%1 a %2",
		"table": "tabla", "tables": "tablas", "sheet": "hoja", "sheets": "hojas", "column": "columna", "columns": "columnas", "row": "fila", "rows": "filas", "code": "Código fuente, órdenes o registro, %1 líneas", "defines": "Define %1",
		"unreadable": "El texto de este documento no se pudo leer lo bastante bien para un resumen: cerca del %1 % parecen palabras.", "unsure": "El texto de este documento no se pudo leer lo bastante bien para un resumen: el reconocimiento es seguro al %1 %.", "nothing": "Este documento no contiene frases que un resumen pueda citar."},
	"it": {"points": "Punti chiave", "sections": "Sezioni", "page": "p.", "figures": "Cifre", "decisions": "Decisioni", "actions": "Azioni", "speakers": "Intervengono", "present": "Presenti", "topics": "Temi", "asked": "Che cosa si chiede", "from": "Da %1 a %2", "fromOnly": "Da %1", "toOnly": "A %1", "mention": "%1 su %2 ne parlano", "range": "da %1 a %2",
		"table": "tabella", "tables": "tabelle", "sheet": "foglio", "sheets": "fogli", "column": "colonna", "columns": "colonne", "row": "riga", "rows": "righe", "code": "Codice sorgente, comandi o registro, %1 righe", "defines": "Definisce %1",
		"unreadable": "Il testo di questo documento non è leggibile abbastanza bene per un riassunto: circa il %1 % sembra fatto di parole.", "unsure": "Il testo di questo documento non è leggibile abbastanza bene per un riassunto: il riconoscimento è sicuro al %1 %.", "nothing": "Questo documento non contiene frasi che un riassunto possa citare."},
	"pt": {"points": "Pontos principais", "sections": "Seções", "page": "p.", "figures": "Números", "decisions": "Decisões", "actions": "Tarefas", "speakers": "Intervenientes", "present": "Presentes", "topics": "Temas", "asked": "O que se pede", "from": "De %1 para %2", "fromOnly": "De %1", "toOnly": "Para %1", "mention": "%1 de %2 o mencionam", "range": "%1 a %2",
		"table": "tabela", "tables": "tabelas", "sheet": "planilha", "sheets": "planilhas", "column": "coluna", "columns": "colunas", "row": "linha", "rows": "linhas", "code": "Código-fonte, comandos ou registro, %1 linhas", "defines": "Define %1",
		"unreadable": "O texto deste documento não pôde ser lido bem o suficiente para um resumo: cerca de %1 % parecem palavras.", "unsure": "O texto deste documento não pôde ser lido bem o suficiente para um resumo: o reconhecimento tem %1 % de certeza.", "nothing": "Este documento não contém frases que um resumo possa citar."},
	"nl": {"points": "Kernpunten", "sections": "Hoofdstukken", "page": "p.", "figures": "Cijfers", "decisions": "Besluiten", "actions": "Acties", "speakers": "Sprekers", "present": "Aanwezig", "topics": "Onderwerpen", "asked": "Wat wordt gevraagd", "from": "Van %1 aan %2", "fromOnly": "Van %1", "toOnly": "Aan %1", "mention": "%1 van %2 noemen het", "range": "%1 tot %2",
		"table": "tabel", "tables": "tabellen", "sheet": "blad", "sheets": "bladen", "column": "kolom", "columns": "kolommen", "row": "rij", "rows": "rijen", "code": "Broncode, opdrachten of een logboek, %1 regels", "defines": "Definieert %1",
		"unreadable": "De tekst van dit document was niet goed genoeg leesbaar voor een samenvatting: ongeveer %1 % lijkt op woorden.", "unsure": "De tekst van dit document was niet goed genoeg leesbaar voor een samenvatting: de herkenning is %1 % zeker.", "nothing": "Dit document bevat geen zinnen die een samenvatting zou kunnen citeren."},
	"ru": {"points": "Основные положения", "sections": "Разделы", "page": "с.", "figures": "Цифры", "decisions": "Решения", "actions": "Поручения", "speakers": "Выступают", "present": "Присутствовали", "topics": "Темы", "asked": "О чём просят", "from": "От: %1, кому: %2", "fromOnly": "От: %1", "toOnly": "Кому: %1", "mention": "%1 из %2 упоминают это", "range": "%1 – %2",
		"table": "таблица", "tables": "таблиц", "sheet": "лист", "sheets": "листов", "column": "столбец", "columns": "столбцов", "row": "строка", "rows": "строк", "code": "Исходный код, команды или журнал, строк: %1", "defines": "Определяет %1",
		"unreadable": "Текст этого документа прочитан недостаточно хорошо для резюме: на слова похоже около %1 %.", "unsure": "Текст этого документа прочитан недостаточно хорошо для резюме: уверенность распознавания %1 %.", "nothing": "В этом документе нет предложений, которые можно было бы процитировать."},
	"zh": {"points": "要点", "sections": "章节", "page": "第", "figures": "数据", "decisions": "决定", "actions": "任务", "speakers": "发言人", "present": "出席者", "topics": "主题", "asked": "请求事项", "from": "%1 致 %2", "fromOnly": "来自 %1", "toOnly": "致 %1", "mention": "%2 条中有 %1 条提到", "range": "%1 至 %2",
		"table": "个表格", "tables": "个表格", "sheet": "个工作表", "sheets": "个工作表", "column": "列", "columns": "列", "row": "行", "rows": "行", "code": "源代码、命令或日志,%1 行", "defines": "定义 %1",
		"unreadable": "本文件的文字识别不够清楚,无法生成摘要:约 %1 % 像是词语。", "unsure": "本文件的文字识别不够清楚,无法生成摘要:识别可信度为 %1 %。", "nothing": "本文件没有可供摘要引用的句子。"},
	"ja": {"points": "要点", "sections": "各章", "page": "p.", "figures": "数値", "decisions": "決定事項", "actions": "担当事項", "speakers": "発言者", "present": "出席者", "topics": "議題", "asked": "依頼事項", "from": "%1 から %2 へ", "fromOnly": "%1 から", "toOnly": "%1 へ", "mention": "%2 件中 %1 件が言及", "range": "%1 から %2",
		"table": "表", "tables": "表", "sheet": "シート", "sheets": "シート", "column": "列", "columns": "列", "row": "行", "rows": "行", "code": "ソースコード、コマンドまたはログ、%1 行", "defines": "%1 を定義",
		"unreadable": "この文書の文字は要約できるほど読み取れませんでした。語と見えるのは約 %1 % です。", "unsure": "この文書の文字は要約できるほど読み取れませんでした。認識の確度は %1 % です。", "nothing": "この文書には要約に引用できる文がありません。"},
	"ar": {"points": "النقاط الرئيسية", "sections": "الأقسام", "page": "ص", "figures": "الأرقام", "decisions": "القرارات", "actions": "المهام", "speakers": "المتحدثون", "present": "الحاضرون", "topics": "المواضيع", "asked": "المطلوب", "from": "من %1 إلى %2", "fromOnly": "من %1", "toOnly": "إلى %1", "mention": "%1 من %2 تذكر ذلك", "range": "من %1 إلى %2",
		"table": "جدول", "tables": "جداول", "sheet": "ورقة", "sheets": "أوراق", "column": "عمود", "columns": "أعمدة", "row": "صف", "rows": "صفوف", "code": "شيفرة أو أوامر أو سجل، %1 سطرا", "defines": "يعرّف %1",
		"unreadable": "تعذرت قراءة نص هذا المستند بما يكفي لتلخيصه: نحو %1 % منه يشبه الكلمات.", "unsure": "تعذرت قراءة نص هذا المستند بما يكفي لتلخيصه: ثقة التعرف %1 %.", "nothing": "لا يحتوي هذا المستند على جمل يمكن اقتباسها في ملخص."},
}

// Label is one of the words that a summary adds itself (points, sections, page …), in lang or in English.
func Label(lang, key string) string {
	if l, ok := labels[lang]; ok && !(lang == "zh" && key == "page") {
		return l[key]
	}
	return labels["en"][key]
}

// Fill is a label with what belongs into it.
func Fill(lang, key string, with ...string) string {
	var pairs []string
	for i, w := range with {
		pairs = append(pairs, "%"+string(rune('1'+i)), w)
	}
	return strings.NewReplacer(pairs...).Replace(Label(lang, key))
}
