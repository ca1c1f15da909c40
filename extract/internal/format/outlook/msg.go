// Package outlook reads messages of Outlook: msg files and winmail.dat (TNEF).
package outlook

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/encoding"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// Message is what an Outlook message holds.
type Message struct {
	Subject, From, To, Cc, Date string
	Body                        string
	HTML                        []byte
	RTF                         []byte
	Attachments                 []Attachment

	cp encoding.Encoding // of 8-bit strings
}

// Attachment is a file of a message.
type Attachment struct {
	Name    string
	Data    []byte
	Message *cfb.File // an attached message, which is a storage and not a file

	cp encoding.Encoding
}

// IsMessage tells an Outlook message from the other compound files.
func IsMessage(f *cfb.File) bool {
	for _, e := range f.List() {
		if strings.HasPrefix(strings.ToLower(e.Path), "__substg1.0_") || strings.EqualFold(e.Path, "__properties_version1.0") {
			return true
		}
	}
	return false
}

// ReadMessage reads properties, body and attachments.
func ReadMessage(f *cfb.File) Message {
	m := Message{cp: codepageOf(f)}
	att := map[string]*Attachment{}
	for _, e := range f.List() {
		dir, name := e.Split()
		name = strings.ToUpper(name)
		if !e.Stream || !strings.HasPrefix(name, "__SUBSTG1.0_") || len(name) < 20 {
			continue
		}
		prop, kind := name[12:16], name[16:20]
		if dir == "" {
			m.property(f, e, prop, kind)
		} else if strings.HasPrefix(strings.ToLower(dir), "__attach") && !strings.Contains(dir, "/") {
			a := att[dir]
			if a == nil {
				a = &Attachment{cp: m.cp, Message: f.Sub(dir + "/__substg1.0_3701000D")}
				att[dir] = a
			}
			a.property(f, e, prop, kind)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(att)) {
		m.Attachments = append(m.Attachments, *att[k])
	}
	return m
}

func propText(f *cfb.File, e cfb.Entry, kind string, cp encoding.Encoding) string {
	b, _ := f.Stream(e)
	switch kind {
	case "001F":
		return strings.Trim(le.UTF16(b), "\x00")
	case "001E":
		return strings.Trim(encodings.With(cp, b), "\x00")
	}
	return ""
}

func (m *Message) property(f *cfb.File, e cfb.Entry, prop, kind string) {
	switch prop {
	case "0037":
		m.Subject = propText(f, e, kind, m.cp)
	case "0C1A":
		m.From = propText(f, e, kind, m.cp)
	case "0E04":
		m.To = propText(f, e, kind, m.cp)
	case "0E03":
		m.Cc = propText(f, e, kind, m.cp)
	case "007D":
		m.headers(propText(f, e, kind, m.cp))
	case "1000":
		m.Body = propText(f, e, kind, m.cp)
	case "1013":
		if kind == "0102" {
			m.HTML, _ = f.Stream(e)
		} else {
			m.HTML = []byte(propText(f, e, kind, m.cp))
		}
	case "1009":
		b, _ := f.Stream(e)
		m.RTF = unpackRTF(b)
	}
}

func (a *Attachment) property(f *cfb.File, e cfb.Entry, prop, kind string) {
	switch prop {
	case "3707":
		a.Name = propText(f, e, kind, a.cp)
	case "3704":
		if a.Name == "" {
			a.Name = propText(f, e, kind, a.cp)
		}
	case "3701":
		if kind == "0102" {
			a.Data, _ = f.Stream(e)
		}
	}
}

// rtfDict is the text a compressed RTF starts from.
const rtfDict = `{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0` + "\r\n" + `\par \pard\plain\f0\fs20\b\i\u\tab\tx`

// unpackRTF unpacks Outlook's LZ-packed RTF.
func unpackRTF(b []byte) []byte {
	if len(b) < 16 {
		return nil
	}
	raw := le.U32(b, 4)
	if le.U32(b, 8) == 0x414c454d { // "MELA": not packed
		return b[16:min(len(b), 16+raw)]
	}
	if raw > 64<<20 {
		return nil
	}
	var win [4096]byte
	w := copy(win[:], rtfDict)
	out := make([]byte, 0, min(raw, len(b)*20))
	in := b[16:]
	for len(in) > 0 && len(out) < raw {
		flags := in[0]
		in = in[1:]
		for bit := 0; bit < 8 && len(in) > 0; bit++ {
			if flags>>bit&1 == 0 {
				out = append(out, in[0])
				win[w] = in[0]
				w = (w + 1) & 4095
				in = in[1:]
				continue
			}
			if len(in) < 2 {
				return out
			}
			ref := int(in[0])<<8 | int(in[1])
			in = in[2:]
			at, n := ref>>4, ref&15+2
			if at == w {
				return out
			}
			for range n {
				c := win[at]
				out = append(out, c)
				win[w] = c
				at, w = (at+1)&4095, (w+1)&4095
			}
		}
	}
	return out
}

// headers takes the date from the transport headers; messages that were never sent have none.
func (m *Message) headers(s string) {
	for _, l := range strings.Split(s, "\n") {
		if v, ok := strings.CutPrefix(l, "Date:"); ok && m.Date == "" {
			m.Date = strings.TrimSpace(v)
		}
	}
}
