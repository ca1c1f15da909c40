package doc

import (
	"fmt"
	"time"
)

// Method says how the text of a page was obtained.
type Method string

const (
	MethodText  Method = "text"  // the file's own text layer or markup
	MethodOCR   Method = "ocr"   // optical recognition of the rendered page or image
	MethodEmpty Method = "empty" // nothing to read on this page, by either way
)

// Page is one page of a document. Number starts at 1.
type Page struct {
	Number     int           `json:"number"`
	Text       string        `json:"text"` // complete text; headings and tables in Markdown where the file says what they are
	Method     Method        `json:"method"`
	Confidence float64       `json:"confidence"`         // 0..1; 1 for MethodText, mean word confidence for MethodOCR
	Language   string        `json:"language,omitempty"` // tesseract language(s) used, for example "eng+deu"
	Duration   time.Duration `json:"duration_ns"`
	// Marks say what lines of Text are, in the order of From: tables, headings, lines in the margins. Markdown reads them.
	Marks []Mark `json:"marks,omitempty"`
	Scan  Scan   `json:"scan,omitzero"` // of a page that was recognised: script, quarter turn, skew, missing language
	// Unread says what of this page could not be read, though the rest of it was.
	Unread []Unread `json:"unread,omitempty"`
	// Links are where its words lead. They are the document's, and are kept with no page.
	Links Links `json:"-"`
	// Err is set when this page alone could not be read; Text is then empty.
	Err *Fail `json:"error,omitempty"`
}

// Scan is what recognition found out about a page besides its text; zero for other pages.
type Scan struct {
	// Script in which most letters are written, for example "Latin" or "Cyrillic".
	Script string `json:"script,omitempty"`
	// Turned is the clockwise turn in degrees that makes the page upright: 0, 90, 180 or 270.
	Turned int `json:"turned,omitempty"`
	// Skew is by how many degrees its lines rise to the right after that.
	Skew float64 `json:"skew,omitempty"`
	// Missing is the tesseract language that would fit better and is not installed.
	Missing string `json:"missing_language,omitempty"`
}

// Mark says what lines From to To-1 of a page's text are, counted from 0.
type Mark struct {
	Kind  string `json:"kind"`
	From  int    `json:"from"`
	To    int    `json:"to"`
	Level int    `json:"level,omitempty"` // of a heading: 1 is the largest, MaxLevel the smallest; of a line in the margin: Furniture, or 0
	Y     int    `json:"y,omitempty"`     // of a line in the margin: its baseline, in per mille of the page's height
}

// MaxMarks bounds the marks of one page.
const MaxMarks = 1000

// MaxLevel is the deepest heading that Markdown has.
const MaxLevel = 6

// Furniture is the level of a line in the margin that by its looks alone is a page number, a running header or footer: no other page has to
// have it too.
const Furniture = 1

// Kinds of marks.
const (
	MarkTable   = "table" // each line has as many fields, parted by tabs
	MarkHeading = "heading"
	MarkHeader  = "head"  // in the top margin: a running header, if other pages have it too
	MarkFooter  = "foot"  // in the bottom margin
	MarkAside   = "aside" // none of what the document is about: menus, teasers and footers of a web page with an article, a stamp up the side of a printed page
)

// Unread is a part of a page that could not be read.
type Unread string

const (
	UnreadLetters Unread = "letters"     // those that no recognition model on the agent's machine knows, or that are written by hand
	UnreadMemory  Unread = "memory"      // what takes more memory than a page for people
	UnreadNotes   Unread = "annotations" // those behind the first thousands
	UnreadPicture Unread = "picture"     // one that cannot be decoded
	UnreadRest    Unread = "rest"        // of a picture file that was cut off or is damaged: what stands behind the break
)

// unreadSentences name them for the person who uploaded the document.
var unreadSentences = map[Unread]string{
	UnreadLetters: "Page %d is written by hand, or in letters that no recognition model on the agent's machine knows, and what could not be read of it is left out; install the Tesseract model of its language, or have such pages read by a model.",
	UnreadMemory:  "Page %d needs more memory than any page for people, and what of it needs that is missing; print the document into a new PDF and upload that.",
	UnreadNotes:   "Page %d has more annotations than are read; those behind the first 5,000 are missing. Print the document with its annotations into a new PDF and upload that.",
	UnreadRest:    "The picture of page %d is cut off or damaged, and what stands behind the break is missing; upload the whole file.",
	UnreadPicture: "A picture on page %d cannot be decoded, or not to its end, and what stands there is missing; print the document from its program into a new PDF and upload that.",
}

// Known says that there is a sentence about it.
func (u Unread) Known() bool { return unreadSentences[u] != "" }

// Warnings are sentences about what of the page could not be read.
func (p Page) Warnings() (out []string) {
	for _, u := range p.Unread {
		if u.Known() {
			out = append(out, fmt.Sprintf(unreadSentences[u], p.Number))
		}
	}
	return out
}
