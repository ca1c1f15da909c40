package prose

import "unicode"

// Terms reads s word by word: runs of letters and digits in small letters, apostrophes left out. In scripts without spaces it reads every pair
// of neighbouring characters instead. It returns how many words there are; two characters without spaces count as one.
func Terms(s string, word, pair func(string)) (words int) {
	var buf []rune
	flush := func() {
		if len(buf) > 0 {
			words++
			word(string(buf))
			buf = buf[:0]
		}
	}
	var prev rune
	dense := 0
	for _, r := range s {
		if IsCJK(r) || IsUnspaced(r) {
			flush()
			dense++
			if prev != 0 {
				pair(string([]rune{prev, r}))
			}
			prev = r
			continue
		}
		prev = 0
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			buf = append(buf, unicode.ToLower(r))
			continue
		}
		if (r == '\'' || r == '’') && len(buf) > 0 {
			continue
		}
		flush()
	}
	flush()
	return words + (dense+1)/2
}

// Term is the stem of a word that Terms read, "" where it tells nothing of a subject: stop words, single letters, numbers.
func Term(language, word string) string {
	if len(word) < 2 || word[0] >= '0' && word[0] <= '9' || StopWords(language)[word] {
		return ""
	}
	return Stem(language, word)
}
