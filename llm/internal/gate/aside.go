package gate

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// An aside speaks to the one who asked instead of answering. Asides are short and begin with themselves; a summary that reports a refusal
// ("The council cannot assist …") names who refuses and has points to list.
const (
	maxAside     = 120 // words
	maxListAside = 40  // words of an aside that has a list
)

var (
	refusal = pattern.Lazily(`(?i)^(?:` +
		`(?:i'?m|i am) (?:really |very |so )?(?:sorry|unable|not able|afraid)\b` +
		`|(?:sorry|apologies|my apologies|unfortunately|regrettably)[,.!]? (?:but |however,? )?i(?:'m| am| can| cannot| can't| won| will| do)\b` +
		`|i (?:can'?t|can’t|cannot|can not|won'?t|won’t|will not|must decline|decline|do not feel|don'?t feel|am not able|must refuse|have to decline)\b` +
		`|as an? (?:ai|artificial|language|large language)\b.{0,60}\b(?:can'?t|cannot|unable|not able|don'?t|do not)\b` +
		`|(?:this|the) (?:request|content|document|text)[^.]{0,80}\b(?:violates|goes against|is against)\b[^.]{0,60}\b(?:policy|policies|guidelines)\b` +
		`|es tut mir (?:sehr )?leid,? (?:aber )?(?:ich|dass ich|das)\b|(?:leider|tut mir leid,?)(?: aber)? kann ich\b|ich kann (?:ihnen |dir )?(?:dabei |damit |dieses? |diesen )?.{0,40}nicht (?:helfen|zusammenfassen|bearbeiten|unterstützen)` +
		`|(?:je suis )?(?:vraiment )?désolée?,? (?:mais )?je ne (?:peux|suis)\b|je (?:ne peux pas|regrette, mais je)\b` +
		`|lo siento,? (?:pero )?no puedo\b|no puedo (?:ayudar|asistir|resumir|cumplir)|lamento,? (?:pero )?no poder` +
		`|mi dispiace,? (?:ma )?non posso\b|spiacente,? (?:ma )?non posso\b|non posso (?:aiutar|assister|riassumere)` +
		`|(?:desculpe|sinto muito|lamento),? (?:mas )?(?:eu )?não (?:posso|consigo)\b|não posso (?:ajudar|resumir)` +
		`|(?:het spijt me|sorry),? (?:maar )?(?:dat )?ik kan\b|ik kan (?:u|je) (?:hier|daar)?(?:bij|mee)? ?niet helpen` +
		`|przykro mi,? (?:ale )?nie mogę|niestety,? nie mogę|nie mogę (?:pomóc|streścić)` +
		`|(?:извините|простите|к сожалению),? (?:но )?(?:я )?не (?:могу|в состоянии)|я не могу (?:помочь|выполнить)` +
		`|(?:tyvärr|beklager|desværre|valitettavasti|anteeksi|bohužel|lituji|sajnálom|sajnos|üzgünüm|îmi pare rău|λυπάμαι)[,.]?\s(?:men |ale |de |ama |dar |mutta |αλλά )?(?:kan jag inte|jeg kan ikke|kan jeg ikke|en voi|nemohu|nem (?:tudok|segíthetek)|yardımcı olamam|nu pot|δεν μπορώ)` +
		`|(?:很抱歉|抱歉|对不起|對不起|不好意思)[，,。！]?(?:但)?我?(?:无法|無法|不能|没有办法)|我(?:无法|無法|不能)(?:协助|協助|帮助|提供|总结|處理|处理)` +
		`|(?:大変)?(?:申し訳(?:ありません|ございません|ない(?:です)?)|すみません|ごめんなさい)` +
		`|죄송(?:합니다|하지만)` +
		`|(?:عذرا|عذرًا|آسف|أعتذر|للأسف)[،,]? ?(?:ولكن )?(?:لا أستطيع|لا يمكنني|لا أقدر)` +
		`|(?:क्षमा करें|माफ़ करें|खेद है)` +
		`)`)
	request = pattern.Lazily(`(?i)(?:please|kindly|could you|can you) (?:provide|paste|share|upload|attach|send|supply|give|include|insert|enter)\b[^.!?\n]{0,80}\b(?:documents?|text|content|file|notes|article|passage|details)\b` +
		`|\bi (?:do not|don'?t|don’t|cannot|can'?t|can’t|could not|couldn'?t) (?:see|find|have|access|open)\b[^.!?\n]{0,60}\b(?:documents?|text|content|file|notes|attachment)s?\b` +
		`|\b(?:no|any) (?:documents?|text|content|notes) (?:was|were|has been|have been|is|are)? ?(?:provided|attached|included|given|supplied)\b` +
		`|\b(?:document|text|content)\b[^.!?\n]{0,40}\b(?:was not|wasn'?t|has not been|is not|isn'?t) (?:provided|attached|included|given)\b` +
		`|\b(?:document|text|message) (?:you (?:sent|provided)|provided)? ?(?:appears|seems) to be (?:empty|blank|missing)` +
		`|\b(?:bitte|würden sie bitte) (?:stellen|fügen|geben|senden|schicken|teilen|laden) sie\b[^.!?\n]{0,60}\b(?:dokument|text|inhalt)|\bkein (?:dokument|text) (?:bereitgestellt|angehängt|beigefügt|vorhanden)` +
		`|\bveuillez (?:fournir|coller|partager|envoyer|joindre|m'envoyer|me fournir)\b[^.!?\n]{0,60}\b(?:document|texte)` +
		`|\b(?:por favor,? )(?:proporciona|proporcione|pega|pegue|compart[ae]|envía|envíe|adjunta|adjunte)\b[^.!?\n]{0,60}\b(?:documento|texto)` +
		`|\b(?:fornisci|fornisca|incolla|condividi|invia|inviami)\b[^.!?\n]{0,60}\b(?:documento|testo)|\b(?:por favor,? )(?:forneça|cole|envie|compartilhe|partilhe)\b[^.!?\n]{0,60}\b(?:documento|texto)` +
		`|(?:пожалуйста,? )(?:предоставьте|вставьте|пришлите|загрузите|отправьте)` +
		`|请(?:您)?(?:提供|粘贴|上传|发送)[^。！？\n]{0,30}(?:文件|文档|文本|内容)|(?:文書|テキスト|文章|ドキュメント)を(?:ご?提供|貼り付け|共有|お送り)` +
		`|(?:문서|텍스트)를 (?:제공|붙여|공유|업로드)`)
	// oneself is somebody who speaks for himself: a form letter asks for documents too, but its summary has no I.
	oneself  = pattern.Lazily(`(?i)\b(?:i|i'm|i’m|i'll|i’ll|me|my|ich|mir|je|me|m'|yo|mi|io|eu|ik|mij)\b|you(?:'d| would)? (?:like|want)|я |мне|我|您|私|いただ|ください|주세요|주시`)
	noChange = pattern.Lazily(`(?i)^(?:` +
		`no (?:further )?(?:changes?|updates?|modifications?|revisions?|refinements?|edits|additions) (?:is |are |was |were )?(?:needed|necessary|required|made|to make)` +
		`|(?:the |this |your )?(?:existing|original|current|previous|provided|above) (?:summary|notes|list)\b.{0,40}\b(?:remains?|is|are|stands?|already|does not|do not|needs? no|requires? no|was)\b` +
		`|(?:return|returning|keep|keeping) (?:the )?(?:original|existing) summary` +
		`|(?:since|as|given that|because) (?:the )?(?:new|additional|provided|added) (?:context|information|text)\b.{0,80}\b(?:original|existing|summary|refine|irrelevant|not (?:relevant|useful))` +
		`|(?:the )?(?:new|additional|provided) context (?:does not|doesn'?t|is not|isn'?t|provides no)\b` +
		`|i (?:have )?(?:made|found) no changes` +
		`|es sind keine änderungen (?:nötig|notwendig|erforderlich)|keine änderungen (?:nötig|notwendig|erforderlich)|aucune modification n'est (?:nécessaire|requise)|no (?:se necesitan|son necesarios|es necesario) (?:ning[uú]n )?cambios?|nessuna modifica (?:è )?necessaria|nenhuma alteração (?:é )?necessária` +
		`|изменени[йя] не (?:требу[ею]тся|нужны)|无需(?:任何)?(?:更改|修改)|変更(?:は|の必要は)(?:不要|ありません)` +
		`)`)
	aboutSummary = pattern.Lazily(`(?i)summar|refine|context|notes|zusammenfassung|résumé|resumen|riassunto|resumo|резюме|摘要|总结|要約`)
)

// aside says whether an answer speaks about the task instead of doing it.
func aside(a Answer, words int) Reason {
	if words > 2*maxAside || points(a) {
		return ""
	}
	a.Prose = strings.ReplaceAll(a.Prose, "’", "'")
	begin := strings.TrimLeft(strings.TrimSpace(a.Prose), `"'“„«*_-# `)
	short := words <= maxAside && (a.Items < 2 || words <= maxListAside)
	switch {
	case refusal.MatchString(begin):
		return Refused
	case short && request.MatchString(a.Prose) && oneself.MatchString(a.Prose):
		return NoDocument
	case short && noChange.MatchString(begin) && (words <= 10 || aboutSummary.MatchString(a.Prose)):
		return NoChange
	}
	return ""
}

var pageRef = pattern.Lazily(`\((?:p|pp|S|с|ص)\.? ?\d+`)

// points says that the answer has what only a summary has: list items that name their page.
func points(a Answer) bool { return a.Items > 0 && pageRef.MatchString(a.Prose) }
