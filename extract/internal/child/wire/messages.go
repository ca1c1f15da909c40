package wire

import (
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/confine"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// Hello is what a child says once it is confined and before it reads anything.
type Hello struct {
	Version   int            `json:"version"`
	Build     string         `json:"build"`
	MuPDF     string         `json:"mupdf"`
	Tesseract string         `json:"tesseract"`
	Languages []string       `json:"languages"`
	OSD       bool           `json:"osd"` // the data that tells which way up a page lies
	Sandbox   confine.Status `json:"sandbox"`
}

// Open asks the child to open a file in its input folder.
type Open struct {
	Seq       uint64     `json:"seq"`
	Path      string     `json:"path"`
	Name      string     `json:"name"`
	Languages []string   `json:"languages"`
	Limits    doc.Limits `json:"limits"`
}

// Opened answers Open.
type Opened struct {
	Seq  uint64   `json:"seq"`
	Info doc.Info `json:"info"`
	// Random is Info.Random, which is no part of what callers are told.
	Random bool `json:"random,omitempty"`
}

// Page asks for page Index, counted from 0.
type Page struct {
	Seq   uint64 `json:"seq"`
	Index int    `json:"index"`
}

// Slow says that the page that was asked for takes about a second: it is recognised.
type Slow struct {
	Seq   uint64 `json:"seq"`
	Index int    `json:"index"`
}

// Text answers Page; the text is the frame's body.
type Text struct {
	Seq        uint64     `json:"seq"`
	Index      int        `json:"index"`
	Method     doc.Method `json:"method"`
	Language   string     `json:"language"`
	Confidence float64    `json:"confidence"`

	Marks []doc.Mark `json:"marks,omitempty"`
	Scan  doc.Scan   `json:"scan,omitzero"`

	Unread []doc.Unread `json:"unread,omitempty"`
	Links  doc.Links    `json:"links,omitempty"`
}

// Look asks for a picture of page Index, turned clockwise by so many degrees, neither of its sides longer than MaxSide pixels.
type Look struct {
	Seq     uint64 `json:"seq"`
	Index   int    `json:"index"`
	Turned  int    `json:"turned"`
	MaxSide int    `json:"max_side"`
}

// Looked answers Look; the body is a gray JPEG, and empty where the page is blank or more than a picture.
type Looked struct {
	Seq   uint64 `json:"seq"`
	Index int    `json:"index"`
	// Sure are words on it that recognition is rather sure of.
	Sure []string `json:"sure,omitempty"`
}

// Fail answers Open, Page or Look.
type Fail struct {
	Seq     uint64   `json:"seq"`
	Code    doc.Code `json:"code"`
	Message string   `json:"message"`
	Detail  string   `json:"detail"` // for the log; never document text
}

// Close and Closed carry the sequence number only.
type Close struct {
	Seq uint64 `json:"seq"`
}

// Probe lists attempts the sandbox must stop.
type Probe struct {
	Seq     uint64 `json:"seq"`
	Outside string `json:"outside"` // a file outside that the child must not be able to read or write
	Input   string `json:"input"`   // its own input folder: must not be writable
}

// Probed answers Probe: for each attempt the reason it was stopped, or "" when it went through.
type Probed struct {
	Seq      uint64            `json:"seq"`
	Attempts map[string]string `json:"attempts"`
}
