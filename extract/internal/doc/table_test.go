package doc

import (
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestTablesAreMarkedBesideTheText(t *testing.T) {
	text := "before\rit\n\n" + TableText([][]string{{"a", "b|c", "two\nlines"}, {"", "d"}}, 3) + "\n\nafter" + rowMark
	p, err := (&Static{Texts: []string{text}}).Page(0)
	want := "before\nit\n\na\tb|c\ttwo lines\n\td\t\n\nafter"
	if err != nil || p.Text != want || !reflect.DeepEqual(p.Marks, []Mark{{Kind: MarkTable, From: 3, To: 5}}) {
		t.Errorf("%q %+v %v", p.Text, p.Marks, err)
	}
	again, _ := (&Static{Texts: []string{p.Rows()}}).Page(0)
	if !reflect.DeepEqual(again, p) {
		t.Errorf("%+v, want %+v", again, p)
	}
}

// A text cut at the end of a page loses the tabs at its end; its last row has as many fields nevertheless.
func TestRowsHaveAsManyFields(t *testing.T) {
	text, marks := tables(strings.TrimRight(TableText([][]string{{"a", "b"}, {"c", ""}}, 2), "\t"))
	if text != "a\tb\nc\t" || len(marks) != 1 {
		t.Errorf("%q %+v", text, marks)
	}
}

func TestMarksAreBounded(t *testing.T) {
	if _, marks := tables(strings.Repeat(rowMark+"a\tb\n\n", 5*MaxMarks)); len(marks) != MaxMarks {
		t.Errorf("%d marks", len(marks))
	}
}

func TestOneLongRowDoesNotMakeAllLong(t *testing.T) {
	rows := make([][]string, 20000)
	for i := range rows {
		rows[i] = []string{"a"}
	}
	rows[0] = make([]string, 20000)
	rows[0][0] = "x"
	text := TableText(rows, 20000)
	if p, _ := (&Static{Texts: []string{text}}).Page(0); len(text) > 1<<20 || len(p.Text) > 1<<20 {
		t.Errorf("%d and %d bytes", len(text), len(p.Text))
	}
}

// Rows that are made cell by cell are those that are made as lists, however long they are beside the width.
func TestRowsOfCellsMadeOneByOne(t *testing.T) {
	rows := [][]string{{"a", " b  c "}, {"", " "}, {"d", "e", "f", "g"}, nil, {"h"}}
	for _, width := range []int{2, 3, 4, maxFields} {
		var lists, cells strings.Builder
		WriteTable(&lists, len(rows), width, func(i int) []string { return rows[i] })
		WriteRows(&cells, len(rows), width, func(i int) iter.Seq[string] { return slices.Values(rows[i]) })
		want := map[int]string{2: "a\tb c\nd\te\nh\t", 3: "a\tb c\t\nd\te\tf\nh\t\t", 4: "a\tb c\t\t\nd\te\tf\tg\nh\t\t\t", maxFields: "a\tb c\nd\te\tf\tg\nh"}[width]
		if got := strings.ReplaceAll(cells.String(), rowMark, ""); got != want || lists.String() != cells.String() {
			t.Errorf("%d wide: %q, want %q", width, got, want)
		}
	}
}
