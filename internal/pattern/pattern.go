// Package pattern has regular expressions that cost nothing until they are used.
package pattern

import (
	"regexp"
	"sync"
)

// Pattern is a regular expression that is compiled when it is first used. Every extraction child is the
// whole program, and needs few of them: compiling the rules of the summariser alone was a third of its start.
// It is safe for concurrent use; a wrong expression panics on first use, as each is used in a test.
type Pattern struct{ compiled func() *regexp.Regexp }

// Lazily is a Pattern that costs nothing until it is used.
func Lazily(expr string) Pattern {
	return Pattern{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })}
}

func (p Pattern) MatchString(s string) bool            { return p.compiled().MatchString(s) }
func (p Pattern) Match(b []byte) bool                  { return p.compiled().Match(b) }
func (p Pattern) FindAllIndex(b []byte, n int) [][]int { return p.compiled().FindAllIndex(b, n) }
func (p Pattern) ReplaceAll(b, with []byte) []byte     { return p.compiled().ReplaceAll(b, with) }
func (p Pattern) FindAllSubmatch(b []byte, n int) [][][]byte {
	return p.compiled().FindAllSubmatch(b, n)
}
func (p Pattern) FindString(s string) string           { return p.compiled().FindString(s) }
func (p Pattern) FindStringSubmatch(s string) []string { return p.compiled().FindStringSubmatch(s) }
func (p Pattern) FindSubmatch(b []byte) [][]byte       { return p.compiled().FindSubmatch(b) }
func (p Pattern) FindAllStringSubmatch(s string, n int) [][]string {
	return p.compiled().FindAllStringSubmatch(s, n)
}
func (p Pattern) FindStringSubmatchIndex(s string) []int {
	return p.compiled().FindStringSubmatchIndex(s)
}
func (p Pattern) ReplaceAllString(s, with string) string {
	return p.compiled().ReplaceAllString(s, with)
}
func (p Pattern) FindStringIndex(s string) []int { return p.compiled().FindStringIndex(s) }
func (p Pattern) FindAllStringIndex(s string, n int) [][]int {
	return p.compiled().FindAllStringIndex(s, n)
}
func (p Pattern) ReplaceAllStringFunc(s string, with func(string) string) string {
	return p.compiled().ReplaceAllStringFunc(s, with)
}
