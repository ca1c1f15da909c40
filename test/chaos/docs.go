package chaos

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Doc is one generated document. Mark is a word that no other document has and that its summary must quote.
type Doc struct {
	Name  string
	Mark  string
	Pages int
}

var vocabulary = strings.Fields("council harbour meeting budget report committee river bridge school library market garden winter summer agreement proposal " +
	"member chair minutes decision vote repair cost estimate contract supplier delivery season project schedule park railway station ferry office archive")

// scanEvery is how many documents there are for one scan.
const scanEvery = 25

// WriteDocs writes n documents into dir, numbered on from first: every second a text file, the others PDFs, every
// fifth of them long; and a scan of a few pages now and then.
func WriteDocs(dir string, first, n int, seed uint64) ([]Doc, error) {
	docs := make([]Doc, n)
	for k := range docs {
		i := first + k
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		d := Doc{Mark: fmt.Sprintf("mark%05dx", i), Pages: 1}
		var body []byte
		if i%scanEvery == 4 {
			d.Mark, d.Pages = legible(i), 2+rng.IntN(3)
			pages := make([]string, d.Pages)
			for p := range pages {
				pages[p] = prose(rng, d.Mark, 5)
			}
			scan, err := onePDFOfPictures(pages)
			if err != nil {
				return nil, err
			}
			d.Name, body = fmt.Sprintf("scan-%05d.pdf", i), scan
		} else if i%2 == 0 {
			d.Name, body = fmt.Sprintf("minutes-%05d.txt", i), []byte(prose(rng, d.Mark, 12))
		} else {
			if i%10 == 1 {
				d.Pages = 6 + rng.IntN(6)
			}
			pages := make([]string, d.Pages)
			for p := range pages {
				pages[p] = prose(rng, d.Mark, 12)
			}
			d.Name, body = fmt.Sprintf("report-%05d.pdf", i), onePDF(pages)
		}
		docs[k] = d
		if err := os.WriteFile(filepath.Join(dir, d.Name), body, 0o644); err != nil {
			return nil, err
		}
	}
	return docs, nil
}

// legible is a mark without zeros, which recognition takes for letters. No other mark is without them.
func legible(i int) string {
	digits := []byte(fmt.Sprintf("%05s", strconv.FormatInt(int64(i), 9)))
	for k := range digits {
		digits[k]++
	}
	return "mark" + string(digits) + "x"
}

// WriteLong writes one document of many pages, for tests that need somebody busy.
func WriteLong(dir, name, mark string, pages int) (Doc, error) {
	texts := make([]string, pages)
	for p := range texts {
		texts[p] = prose(rand.New(rand.NewPCG(77, uint64(p)+uint64(len(mark))<<20)), mark, 12)
	}
	return Doc{Name: name, Mark: mark, Pages: pages}, os.WriteFile(filepath.Join(dir, name), onePDF(texts), 0o644)
}

// prose is a text of sentences that all begin with the mark: whatever part of it is quoted, the mark is in it.
func prose(rng *rand.Rand, mark string, sentences int) string {
	var b strings.Builder
	for range sentences {
		b.WriteString("The " + mark)
		for range 8 + rng.IntN(6) {
			b.WriteString(" " + vocabulary[rng.IntN(len(vocabulary))])
		}
		b.WriteString(".\n")
	}
	return b.String()
}

// onePDF is a plain PDF of one Helvetica text a page.
func onePDF(pages []string) []byte {
	return pdf("/Type /Font /Subtype /Type1 /BaseFont /Helvetica", len(pages), func(i int) (resources, content string, more []string) {
		lines := strings.ReplaceAll(strings.TrimSpace(pages[i]), "\n", ") Tj T* (")
		return "/Font << /F 3 0 R >>", "BT /F 9 Tf 40 800 Td 14 TL (" + lines + ") Tj ET", nil
	})
}

// pdf writes n pages of A4. Object 3 is common; a page has resources, a content stream and further objects, the first
// of which is %d in its resources.
func pdf(common string, n int, page func(i int) (resources, content string, more []string)) []byte {
	var b bytes.Buffer
	var at []int
	obj := func(body string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), body)
	}
	type sheet struct {
		resources, content string
		more               []string
		first              int // number of the page's object
	}
	sheets, kids, next := make([]sheet, n), "", 4
	for i := range sheets {
		s := &sheets[i]
		s.resources, s.content, s.more = page(i)
		s.first = next
		kids += fmt.Sprintf(" %d 0 R", next)
		next += 2 + len(s.more)
	}
	b.WriteString("%PDF-1.4\n")
	obj("<< /Type /Catalog /Pages 2 0 R >>")
	obj(fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s ] >>", n, kids))
	obj("<< " + common + " >>")
	for _, s := range sheets {
		if len(s.more) > 0 {
			s.resources = fmt.Sprintf(s.resources, s.first+2)
		}
		obj(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << %s >> >>", s.first+1, s.resources))
		obj(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(s.content), s.content))
		for _, m := range s.more {
			obj(m)
		}
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return b.Bytes()
}
