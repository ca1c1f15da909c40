package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// document is one file of the mix.
type document struct {
	kind kind
	path string
	data []byte
}

type kind string

const (
	pdf   kind = "PDF"
	text  kind = "text"
	image kind = "image"
)

// mix is what is uploaded for one run.
type mix struct {
	docs  []document
	small bool // it is made of test/documents
}

// without leaves a kind out.
func (m mix) without(k kind) mix {
	m.docs = slices.DeleteFunc(slices.Clone(m.docs), func(d document) bool { return d.kind == k })
	return m
}

// paths are the files of a kind.
func (m mix) paths(k kind) []string {
	var out []string
	for _, d := range m.docs {
		if d.kind == k {
			out = append(out, d.path)
		}
	}
	return out
}

// listed is the mix of the corpus: 20 PDFs with a text layer, from one line to 117 pages, 12 texts and 8 scanned book pages.
var listed = map[kind][]string{
	pdf: {"A/in/arxiv__GeoTopo-komprimiert.pdf", "A/in/markitdown__RECEIPT-2024-TXN-98765_retail_purchase.pdf", "A/in/markitdown__movie-theater-booking-2024.pdf",
		"A/in/pdfbox__FC60_Times.pdf", "A/in/pdfbox__Liste732004001452_001_0.pdf_0_.pdf", "A/in/pdfbox__PDFBOX-3042-003177-p2.pdf",
		"A/in/pdfbox__PDFBOX-3498-Y5TLCWTIAE3FYDVJTV2TXRZGXLEDUNSW.pdf", "A/in/pdfbox__PDFBOX-4531-bidi-ligature-1.pdf", "A/in/pdfbox__PDFBOX-5002.pdf",
		"A/in/pdfbox__hello3.pdf", "A/in/sec10q__2022_Q3_NVDA.pdf", "A/in/sec10q__2023_Q1_AAPL.pdf", "A/in/sec10q__2023_Q1_INTC.pdf",
		"A/in/sec10q__2023_Q2_AMZN.pdf", "A/in/sec10q__2023_Q2_MSFT.pdf", "A/in/sec10q__2023_Q3_AMZN.pdf", "F/in/scisummpdf__E03-1020.pdf",
		"F/in/scisummpdf__P05-1004.pdf", "F/in/scisummpdf__W95-0104.pdf", "F/in/scisummpdf__X96-1048.pdf"},
	text: {"F/in/opinosis__location_bestwestern_hotel_sfo.txt", "F/in/opinosis__service_holiday_inn_london.txt", "F/in/qmsum__meeting22.txt",
		"F/in/scisumm__C04-1081.txt", "F/in/scisumm__N03-1026.txt", "F/in/scisumm__W04-3208.txt", "F/in/scisummNA__A00-2034.txt",
		"F/in/scisummNA__J10-4006.txt", "F/in/scisummNA__P00-1016.txt", "F/in/scitldr__tldr178.txt", "F/in/scitldr__tldr331.txt", "F/in/scitldr__tldr535.txt"},
	image: {"B/in/oldbooks__a050.tiff", "B/in/oldbooks__b018.tiff", "B/in/oldbooks__c024.tiff", "B/in/oldbooks__c027.tiff", "B/in/oldbooks__d021.tiff",
		"B/in/oldbooks__e035.tiff", "B/in/oldbooks__f034.tiff", "B/in/oldbooks__g040.tiff"},
}

// fallback is the mix without the corpus: the same kinds, fewer, some of them several times.
var fallback = map[kind][]string{
	pdf:   slices.Repeat([]string{"paper.pdf"}, 5),
	text:  slices.Repeat([]string{"meeting.txt"}, 3),
	image: {"book-page.tiff", "photo.jpg"},
}

// documents reads the mix from the corpus, or from test/documents where that is not there. A corpus that lacks one of the
// files is an error: another mix would be compared with the one of the page.
func documents(corpus string) (mix, error) {
	if _, err := os.Stat(filepath.Join(corpus, "manifest.tsv")); err != nil {
		docs, err := load(repo("test", "documents"), fallback)
		return mix{docs: docs, small: true}, err
	}
	docs, err := load(corpus, listed)
	return mix{docs: docs}, err
}

// load reads the files, the kinds in turn as people upload them.
func load(dir string, names map[kind][]string) ([]document, error) {
	byKind := map[kind][]document{}
	total := 0
	for k, list := range names {
		for _, name := range list {
			path := filepath.Join(dir, name)
			data, err := os.ReadFile(path)
			if err != nil {
				return nil, fmt.Errorf("the mix is made of fixed files: %w", err)
			}
			byKind[k] = append(byKind[k], document{kind: k, path: path, data: data})
			total++
		}
	}
	var docs []document
	for i := 0; len(docs) < total; i++ {
		for _, k := range []kind{pdf, text, image} {
			n := len(byKind[k])
			// The i-th of total turns takes what brings the kind up to its share.
			for taken := n * i / total; taken < n*(i+1)/total; taken++ {
				docs = append(docs, byKind[k][taken])
			}
		}
	}
	return docs, nil
}
