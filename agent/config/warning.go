package config

import "strings"

// Warning is something that stops nothing and that somebody should put right.
type Warning struct {
	Text string // what is odd
	Cure string // what to do
}

// String is both in a line.
func (w Warning) String() string { return w.Text + ": " + w.Cure }

// unknownVariable is about a variable that looks like a setting and is none: known are those that are.
func unknownVariable(name string, known []string) Warning {
	w := Warning{Text: "the variable " + name + " sets nothing"}
	if near := nearestVariable(name, known); near != "" {
		w.Cure = "did you mean " + near + "? Set that, and unset " + name
		return w
	}
	w.Cure = "unset " + name + ", or write it as the field it is for: summary.api_key is AIDOC_SUMMARY_API_KEY; `aidoc-agent config show` lists all fields"
	return w
}

// nearestVariable is the setting that was meant, or "": with the section left out (AIDOC_API_KEY), mistyped, or with the section named
// otherwise (AIDOC_OPENAI_API_KEY).
func nearestVariable(name string, known []string) string {
	words := strings.Split(strings.TrimPrefix(name, "AIDOC_"), "_")
	best, most := "", 0
	for _, k := range known {
		if n := sharedTail(words, strings.Split(strings.TrimPrefix(k, "AIDOC_"), "_")); n > most {
			best, most = k, n
		}
	}
	if most == len(words) {
		return best
	}
	if near := closest(name, known); near != "" {
		return near
	}
	if most >= 2 {
		return best
	}
	return ""
}

// sharedTail is how many words two names have in common at their ends.
func sharedTail(a, b []string) (n int) {
	for n < min(len(a), len(b)) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}
