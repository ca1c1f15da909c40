package prose

import (
	"embed"
	"io/fs"
	"strings"
	"sync"
)

//go:embed stopwords/*.txt
var stopwordFiles embed.FS

// stopwordLists are the lists that were asked for so far, by language.
var stopwordLists sync.Map

// StopWords is the set of words of lang (BCP 47 primary language) that carry no meaning of their own, nil where there is no list
// for it. A list is read once, when it is first asked for. It must not be changed.
func StopWords(lang string) map[string]bool {
	if lang == "nb" || lang == "nn" {
		lang = "no"
	}
	if m, ok := stopwordLists.Load(lang); ok {
		return m.(map[string]bool)
	}
	var set map[string]bool
	if b, err := stopwordFiles.ReadFile("stopwords/" + lang + ".txt"); err == nil {
		set = SetOf(string(b))
		for _, w := range strings.Fields(string(b)) {
			set[strings.ReplaceAll(w, "'", "")] = true // where a text leaves the apostrophe out
		}
	}
	m, _ := stopwordLists.LoadOrStore(lang, set)
	return m.(map[string]bool)
}

// stopwordLanguages are those that there is a list for.
func stopwordLanguages() (out []string) {
	files, _ := fs.Glob(stopwordFiles, "stopwords/*.txt") // the pattern is valid, and the files are in the program
	for _, f := range files {
		out = append(out, strings.TrimSuffix(strings.TrimPrefix(f, "stopwords/"), ".txt"))
	}
	return out
}
