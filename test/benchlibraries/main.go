// Command benchlibraries reads Office files with the kept Go libraries for them, so that what they find can be held against what the agent's own readers
// find (ADR 7). It is a module of its own: the agent depends on none of them.
//
//	benchlibraries IN OUT
//
// reads the files of the folder IN and writes OUT/LIBRARY/NAME.txt for each library that takes files of that type. What a library panics on, or refuses,
// has no file there.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fumiama/go-docx"
	"github.com/lu4p/cat"
	"github.com/shakinm/xlsReader/xls"
	"github.com/tealeg/xlsx/v3"
	"github.com/xuri/excelize/v2"
)

type library struct {
	name string
	ext  []string
	text func(path string) (string, error)
}

var libraries = []library{
	{"excelize", []string{".xlsx"}, excelizeText},
	{"tealeg-xlsx", []string{".xlsx"}, tealegText},
	{"xlsReader", []string{".xls"}, xlsText},
	{"fumiama-docx", []string{".docx"}, fumiamaText},
	{"cat", []string{".docx", ".odt", ".rtf"}, cat.File},
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: benchlibraries IN OUT")
	}
	files, err := filepath.Glob(filepath.Join(os.Args[1], "*"))
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range libraries {
		dir := filepath.Join(os.Args[2], l.name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			log.Fatal(err)
		}
		for _, path := range files {
			if !slices.Contains(l.ext, strings.ToLower(filepath.Ext(path))) {
				continue
			}
			text, err := l.read(path)
			if err != nil {
				fmt.Fprintf(os.Stderr, "%s: %s: %v\n", l.name, filepath.Base(path), err)
				continue
			}
			if err := os.WriteFile(filepath.Join(dir, filepath.Base(path)+".txt"), []byte(text), 0o644); err != nil {
				log.Fatal(err)
			}
		}
	}
}

// read turns a panic into an error: some of them do on files that are not quite as they expect.
func (l library) read(path string) (text string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return l.text(path)
}

func excelizeText(path string) (string, error) {
	f, err := excelize.OpenFile(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	var b strings.Builder
	for _, sheet := range f.GetSheetList() {
		fmt.Fprintln(&b, sheet)
		rows, err := f.GetRows(sheet)
		if err != nil {
			return "", err
		}
		for _, row := range rows {
			fmt.Fprintln(&b, strings.Join(row, "\t"))
		}
		comments, _ := f.GetComments(sheet)
		for _, c := range comments {
			fmt.Fprintln(&b, c.Author, c.Text)
		}
	}
	return b.String(), nil
}

func tealegText(path string) (string, error) {
	f, err := xlsx.OpenFile(path)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, sheet := range f.Sheets {
		fmt.Fprintln(&b, sheet.Name)
		err := sheet.ForEachRow(func(r *xlsx.Row) error {
			defer fmt.Fprintln(&b)
			return r.ForEachCell(func(c *xlsx.Cell) error {
				s, err := c.FormattedValue()
				fmt.Fprint(&b, s, "\t")
				return err
			})
		})
		if err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

func xlsText(path string) (string, error) {
	f, err := xls.OpenFile(path)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i := range f.GetNumberSheets() {
		sheet, err := f.GetSheet(i)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(&b, sheet.GetName())
		for r := range sheet.GetNumberRows() {
			row, err := sheet.GetRow(r)
			if err != nil || row == nil {
				continue
			}
			for _, c := range row.GetCols() {
				fmt.Fprint(&b, c.GetString(), "\t")
			}
			fmt.Fprintln(&b)
		}
	}
	return b.String(), nil
}

func fumiamaText(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	doc, err := docx.Parse(f, info.Size())
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, item := range doc.Document.Body.Items {
		fmt.Fprintln(&b, item)
	}
	return b.String(), nil
}
