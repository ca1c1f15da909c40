package doc

import (
	"slices"
	"strings"
)

// asideMark begins each line of a text of a Static with an Article that is none of it. Page takes the marks off and tells the lines
// beside the text.
const asideMark = "\x1e"

// NoAside is a text that no line of is marked.
func NoAside(text string) string { return strings.ReplaceAll(text, asideMark, "") }

// Aside writes lines that are none of what the document is about: the menus of a web page.
func Aside(text string) string {
	text = NoAside(text)
	return asideMark + strings.ReplaceAll(text, "\n", "\n"+asideMark)
}

// asides takes the marks off a text and says which of its lines had one.
func asides(text string) (string, []Mark) {
	lines := strings.Split(oneLineEnd.Replace(text), "\n")
	var marks []Mark
	for i := range lines {
		if !strings.HasPrefix(lines[i], asideMark) {
			lines[i] = NoAside(lines[i])
			continue
		}
		lines[i] = NoAside(lines[i])
		if n := len(marks); n > 0 && (marks[n-1].To == i || blank(lines[marks[n-1].To:i])) {
			marks[n-1].To = i + 1
		} else if n < MaxMarks/2 {
			marks = append(marks, Mark{Kind: MarkAside, From: i, To: i + 1})
		}
	}
	return strings.Join(lines, "\n"), marks
}

func blank(lines []string) bool {
	return strings.TrimSpace(strings.Join(lines, "")) == ""
}

// inOrder is all marks in the order of their lines; of those that begin at one line the longest first.
func inOrder(marks, more []Mark) []Mark {
	all := append(marks, more...)
	slices.SortStableFunc(all, func(a, b Mark) int {
		if a.From != b.From {
			return a.From - b.From
		}
		return b.To - a.To
	})
	return all
}
