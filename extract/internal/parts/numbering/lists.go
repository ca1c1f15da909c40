package numbering

import (
	"strconv"
	"strings"
)

// Levels is how many levels a list has.
const Levels = 9

// Level is one level of a list definition.
type Level struct {
	Format  string // as Text takes it
	Text    string // the mark with %1 … %9 for the numbers of the levels
	Start   int
	Restart int  // the level (counted from 1) whose use restarts this one; -1: any higher level, 0: none
	Legal   bool // all levels of the mark are shown in decimal
}

// Lists counts paragraphs of lists and gives each the mark Word would show
// (ISO/IEC 29500 part 1, 17.9; [MS-DOC] 2.4.6.3).
type Lists struct {
	Abstract map[string]map[int]Level // definitions
	Nums     map[string]string        // list → its definition
	Override map[string]map[int]Level // levels a list defines anew
	Restarts map[string]map[int]int   // where a list begins by level: counts once, at its first use
	count    map[string]map[int]int
}

// NewLists returns an empty set of lists.
func NewLists() *Lists {
	return &Lists{Abstract: map[string]map[int]Level{}, Nums: map[string]string{}, Override: map[string]map[int]Level{}, Restarts: map[string]map[int]int{}, count: map[string]map[int]int{}}
}

// RestartAt makes level i of a list begin at start when it is first used.
func (m *Lists) RestartAt(num string, i, start int) {
	if m.Restarts[num] == nil {
		m.Restarts[num] = map[int]int{}
	}
	m.Restarts[num][i] = start
}

// Define gives level i of a list a definition of its own.
func (m *Lists) Define(num string, i int, l Level) {
	if m.Override[num] == nil {
		m.Override[num] = map[int]Level{}
	}
	m.Override[num][i] = l
	m.RestartAt(num, i, l.Start)
}

func (m *Lists) level(num string, i int) (Level, bool) {
	if l, ok := m.Override[num][i]; ok {
		return l, true
	}
	l, ok := m.Abstract[m.Nums[num]][i]
	return l, ok
}

// Next counts a paragraph and returns its mark; "-" for bullets, "" when it is not in a list.
func (m *Lists) Next(num string, i int) string {
	if m == nil || num == "" || num == "0" || i < 0 || i >= Levels {
		return ""
	}
	l, ok := m.level(num, i)
	if !ok {
		if _, known := m.Nums[num]; known {
			return "-"
		}
		return ""
	}
	c := m.advance(num, i, l)
	if l.Format == "bullet" {
		return "-"
	}
	text := l.Text
	for j := range 9 {
		p := "%" + strconv.Itoa(j+1)
		if !strings.Contains(text, p) {
			continue
		}
		lj, _ := m.level(num, j)
		v, ok := c[j]
		if !ok {
			v = lj.Start
		}
		if l.Legal && lj.Format != "bullet" && lj.Format != "none" {
			lj.Format = "decimal"
		}
		text = strings.ReplaceAll(text, p, Text(v, lj.Format))
	}
	return strings.TrimSpace(text)
}

// advance counts level i. Lists that share a definition share its counters; a level that a deeper one
// skipped counts as used once.
func (m *Lists) advance(num string, i int, l Level) map[int]int {
	key := m.Nums[num]
	c := m.count[key]
	if c == nil {
		c = map[int]int{}
		m.count[key] = c
	}
	for j := range i {
		if _, ok := c[j]; !ok {
			lj, _ := m.level(num, j)
			c[j] = m.first(num, j, lj.Start)
		}
	}
	if start, ok := m.Restarts[num][i]; ok {
		delete(m.Restarts[num], i)
		c[i] = start
	} else if _, ok := c[i]; ok {
		c[i]++
	} else {
		c[i] = l.Start
	}
	for j := range c {
		if j <= i {
			continue
		}
		lj, _ := m.level(num, j)
		if lj.Restart < 0 || i < lj.Restart {
			delete(c, j)
		}
	}
	return c
}

func (m *Lists) first(num string, i, start int) int {
	if v, ok := m.Restarts[num][i]; ok {
		delete(m.Restarts[num], i)
		return v
	}
	return start
}
