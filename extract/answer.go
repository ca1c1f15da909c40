package extract

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/worker"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// pageFrom checks everything a child says about a page.
func pageFrom(f wire.Frame, seq uint64, i int) (Page, error) {
	var m wire.Text
	if err := f.Decode(&m); err != nil {
		return Page{}, fmt.Errorf("page: %w: %w", errChildSpoke, err)
	}
	method := Method(m.Method)
	switch {
	case m.Seq != seq || m.Index != i,
		method != MethodText && method != MethodOCR && method != MethodEmpty,
		method == MethodEmpty && len(f.Body) > 0,
		math.IsNaN(m.Confidence) || m.Confidence < 0 || m.Confidence > 1,
		len(m.Language) > 200, !plainName(m.Scan.Script), !plainName(m.Scan.Missing),
		m.Scan.Turned < 0 || m.Scan.Turned > 270 || math.IsNaN(m.Scan.Skew) || math.Abs(m.Scan.Skew) > 45,
		!utf8.Valid(f.Body),
		!markable(m.Marks, f.Body):
		return Page{}, fmt.Errorf("page: %w", errChildSpoke)
	}
	return Page{Number: i + 1, Text: string(f.Body), Method: method, Confidence: m.Confidence, Language: m.Language, Marks: m.Marks, Scan: m.Scan}, nil
}

// plainName says that s can be the name of a script or of a language model: it ends up in sentences for people.
func plainName(s string) bool {
	return len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") == ""
}

// sayable says that s can be shown to people: a short line without control characters.
func sayable(s string, most int) bool {
	return len(s) <= most && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 })
}

// sayableInfo says so of everything that a child tells about a file.
func sayableInfo(i doc.Info) bool {
	return sayable(i.Format, 40) && sayable(i.MIME, 200) && sayable(i.Title, worker.MaxMeta) && sayable(i.Author, worker.MaxMeta) && sayable(i.Warning, maxSentence)
}

// maxSentence bounds what a child says for people, in bytes.
const maxSentence = 600

// markable says that marks fit the lines of text.
func markable(marks []Mark, text []byte) bool {
	if len(marks) > doc.MaxMarks {
		return false
	}
	lines := bytes.Count(text, []byte("\n")) + 1
	for _, m := range marks {
		switch m.Kind {
		case MarkTable, MarkHeading, MarkHead, MarkFoot:
		default:
			return false
		}
		if m.From < 0 || m.To <= m.From || m.To > lines || m.Level < 0 || m.Level > maxLevel || m.Y < 0 || m.Y > 1000 {
			return false
		}
	}
	return true
}

// lacks warns of a language that a page is in and no installed model reads.
func (j *job) lacks(lang string) {
	if lang != "" && j.doc.Warning == "" {
		j.doc.Warning = fmt.Sprintf("A scanned page seems to be in a language whose recognition model is not installed; install tesseract-ocr-%s and process the document again.",
			strings.ReplaceAll(lang, "_", "-"))
	}
}

func knownCode(c Code) bool {
	switch c {
	case CodeEmptyFile, CodeUnsupportedType, CodeCorrupt, CodeEncrypted, CodeNoPages, CodeNoText, CodeTooLarge, CodeLanguageMissing, CodeInternal:
		return true
	}
	return false
}

// enter counts a running extraction.
func (p *Pool) enter() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return errClosed
	}
	p.busy.Add(1)
	return nil
}

// onClose cancels when the pool closes; the returned function unregisters.
func (p *Pool) onClose(cancel context.CancelCauseFunc) func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cancelID++
	id := p.cancelID
	if p.cancels == nil {
		p.cancels = map[uint64]context.CancelCauseFunc{}
	}
	p.cancels[id] = cancel
	return func() {
		p.mu.Lock()
		delete(p.cancels, id)
		p.mu.Unlock()
	}
}

func (p *Pool) cancelAll() {
	p.mu.Lock()
	all := make([]context.CancelCauseFunc, 0, len(p.cancels))
	for _, c := range p.cancels {
		all = append(all, c)
	}
	p.mu.Unlock()
	for _, c := range all {
		c(errClosed)
	}
}
