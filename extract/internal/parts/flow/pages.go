// Package flow is what documents without pages of their own are put together from: pages cut out of running text, grids of cells,
// pictures in their places, embedded files.
package flow

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"runtime/debug"
	"strings"
	"unicode/utf8"
)

// pageChars is where a text without pages of its own is cut, at the next paragraph border: about
// a printed page, so that progress, resumption and citations have something to hold on to.
const pageChars = 3000

// PageMark stands for a page border inside collected text; XML cannot contain it.
const PageMark = "\x00"

// Pager collects paragraphs and cuts them into pages.
type Pager struct {
	Pages []string
	Cur   strings.Builder
	Hard  bool // the file names its page borders

	inList bool // the paragraph before was an item of a list
}

// Add appends a paragraph or a table, parted by sep from what stands before. Without page borders of its own a full page ends first,
// unless sep is one line end.
func (p *Pager) Add(text, sep string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if !p.Hard && p.Cur.Len() > pageChars && sep != "\n" || p.Cur.Len() > 20*pageChars {
		p.Cut()
	}
	if p.Cur.Len() > 0 {
		p.Cur.WriteString(sep)
	}
	p.Cur.WriteString(text)
}

// Paragraph adds a paragraph that page borders cut into pieces; prefix is its heading mark or list number. Items of a list that
// follow each other stand on lines of their own without an empty one between.
func (p *Pager) Paragraph(prefix string, pieces []string, list bool) {
	for i, s := range pieces {
		if i > 0 {
			p.Cut()
		}
		if s == "" {
			continue
		}
		sep := "\n\n"
		if list && p.inList {
			sep = "\n"
		}
		p.Add(prefix+s, sep)
		p.inList, prefix = list, "" // a paragraph that begins with a page border has its words in the second piece
	}
}

// Table adds a table.
func (p *Pager) Table(t Table) {
	p.Add(t.Text(), "\n\n")
	p.inList = false
}

// Cut ends the page; an empty one is dropped.
func (p *Pager) Cut() {
	if s := strings.TrimRight(p.Cur.String(), " \n\t"); strings.TrimSpace(s) != "" {
		if p.Cur.Cap() > len(s)*5/4 {
			s = strings.Clone(s) // what grew by doubling holds twice the page
		}
		p.Pages = append(p.Pages, s)
	}
	p.Cur.Reset()
}

// Done ends the last page and returns all.
func (p *Pager) Done() []string {
	p.Cut()
	return p.Pages
}

// Paginate cuts running text at form feeds, else at paragraph borders after about a page.
func Paginate(text string) []string {
	var p Pager
	if len(text) >= largeParts {
		debug.FreeOSMemory() // what the text was made of, before as much again is taken
	}
	if strings.Contains(strings.Trim(text, "\f\n "), "\f") {
		p.Hard = true
		for s := range strings.SplitSeq(text, "\f") {
			p.Add(s, "\n\n")
			p.Cut()
		}
		return p.Done()
	}
	if utf8.RuneCountInString(text) <= pageChars*4/3 {
		p.Add(text, "")
		return p.Done()
	}
	for s := range paragraphs(func() (string, bool) {
		all := text
		text = ""
		return all, all != ""
	}) {
		p.Add(s, "\n\n")
	}
	return p.Done()
}

// pieceBytes is how much of a large text is held at a time while it is cut.
const pieceBytes = 256 << 10

// PaginateFrom is Paginate for a large text without form feeds, which is never in memory as a whole. write changes the text between two line
// ends; an error of r ends it.
func PaginateFrom(r io.Reader, write func(string) string) ([]string, error) {
	var p Pager
	var failed error
	b := bufio.NewReaderSize(r, pieceBytes)
	for s := range paragraphs(func() (string, bool) {
		piece := make([]byte, pieceBytes, pieceBytes+utf8.UTFMax)
		n, err := io.ReadFull(b, piece)
		piece = piece[:n]
		for err == nil { // to the end of a letter and of a line's end: what write looks for is not cut in two
			var c byte
			if c, err = b.ReadByte(); err != nil {
				break
			}
			if utf8.RuneStart(c) && piece[len(piece)-1] != '\r' {
				err = b.UnreadByte()
				break
			}
			piece = append(piece, c)
		}
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			failed = err
		}
		return write(string(piece)), n > 0
	}) {
		p.Add(s, "\n\n")
	}
	return p.Done(), failed
}

// largeParts is from how many bytes on texts are cut into pages as they are, one after the other.
const largeParts = 8 << 20

// PaginateParts is Paginate for texts that follow each other, parted by an empty line; it takes them: a large one is not copied to be joined.
func PaginateParts(parts []string) []string { return paginateJoined(parts, "\n\n") }

// PaginatePieces is Paginate for a text in pieces with nothing between them; it takes them as PaginateParts does.
func PaginatePieces(pieces []string) []string { return paginateJoined(pieces, "") }

func paginateJoined(parts []string, by string) []string {
	total, hard := 0, false
	for _, s := range parts {
		total += len(s)
		hard = hard || strings.Contains(s, "\f")
	}
	if total < largeParts || hard {
		return Paginate(strings.Join(parts, by))
	}
	debug.FreeOSMemory()
	pages, _ := PaginateFrom(&joined{parts: parts, by: by}, func(s string) string { return s }) // it reads memory
	return pages
}

// MostRunning is how many bytes of running text, without the ends of pages, there are on so many pages at most: each holds less than a page's
// measure and one more paragraph.
func MostRunning(pages int) int { return pages * 3 * (pageChars + 1) }

// joined reads texts parted by by, and lets go of each behind it.
type joined struct {
	parts []string
	at    int
	by    string // what parts them
	sep   string // to be read before the next
}

func (j *joined) Read(p []byte) (int, error) {
	for {
		if j.sep != "" {
			n := copy(p, j.sep)
			j.sep = j.sep[n:]
			return n, nil
		}
		if len(j.parts) == 0 {
			return 0, io.EOF
		}
		if n := copy(p, j.parts[0][j.at:]); n > 0 || len(p) == 0 {
			j.at += n
			return n, nil
		}
		j.parts[0] = ""
		if j.parts, j.at = j.parts[1:], 0; len(j.parts) > 0 {
			j.sep = j.by
		}
	}
}

// paragraphs cuts at empty lines, and overlong pieces at lines, then at spaces. They are given one by one, and the text comes piece by piece:
// of one that is nothing but line ends a list of them is several times as large.
func paragraphs(next func() (string, bool)) iter.Seq[string] {
	const most, sep = 2 * pageChars, "\n\n"
	return func(yield func(string) bool) {
		s, more := next()
		fill := func() {
			for more && len(s) < most+len(sep) {
				var piece string
				if piece, more = next(); more {
					s += piece
				}
			}
		}
		cut := false // s goes on with a paragraph of which a part was given
		for fill(); s != ""; fill() {
			if cut && (s[0] == ' ' || s[0] == '\n' && !strings.HasPrefix(s, sep)) {
				s = s[1:]
				continue
			}
			end := strings.Index(s[:min(len(s), most+len(sep))], sep)
			if whole := len(s) <= most; end < 0 && !whole {
				i := cutAt(s)
				if !yield(s[:i]) {
					return
				}
				s, cut = s[i:], true
				continue
			}
			rest := ""
			if end < 0 {
				end = len(s)
			} else {
				rest = s[end+len(sep):]
			}
			if !yield(strings.Trim(s[:end], "\n")) {
				return
			}
			s, cut = rest, false
		}
	}
}

// cutAt is where an overlong paragraph is cut: at the end of a line, a word, or a letter.
func cutAt(s string) int {
	i := strings.LastIndexByte(s[:2*pageChars], '\n')
	if i < pageChars/2 {
		i = strings.LastIndexByte(s[:2*pageChars], ' ')
	}
	if i < pageChars/2 {
		for i = 2 * pageChars; i > 0 && !utf8.RuneStart(s[i]); i-- {
		}
	}
	if i == 0 { // no letter begins here
		return 2 * pageChars
	}
	return i
}
