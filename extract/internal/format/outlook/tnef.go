package outlook

import (
	"strings"

	"golang.org/x/text/encoding"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// Attributes of Outlook's winmail.dat ([MS-OXTNEF] 2.1.3.3).
const (
	tnefSignature  = 0x223e9f78
	tnefSubject    = 0x00018004
	tnefBody       = 0x0002800c
	tnefTitle      = 0x00018010 // the name of an attachment
	tnefData       = 0x0006800f
	tnefRendering  = 0x00069002 // begins an attachment
	tnefProperties = 0x00069003
	tnefAttachment = 0x00069005
	tnefCodepage   = 0x00069007
	maxTNEFFiles   = 300
)

// ReadTNEF reads the message that Outlook packs into winmail.dat; false when data is something else.
func ReadTNEF(data []byte) (Message, bool) {
	if len(data) < 6 || le.U32(data, 0) != tnefSignature {
		return Message{}, false
	}
	var m Message
	m.cp = encodings.Codepage(1252)
	for b := data[6:]; len(b) >= 9; {
		id, size := le.U32(b, 1), le.U32(b, 5)
		if size > len(b)-9 {
			break
		}
		v := b[9 : 9+size]
		b = b[min(len(b), 9+size+2):]
		m.attribute(id, v)
	}
	return m, true
}

func (m *Message) attribute(id int, v []byte) {
	last := func() *Attachment {
		if len(m.Attachments) == 0 {
			m.Attachments = append(m.Attachments, Attachment{cp: m.cp})
		}
		return &m.Attachments[len(m.Attachments)-1]
	}
	switch id {
	case tnefCodepage:
		m.cp = encodings.Codepage(le.U32(v, 0))
	case tnefSubject:
		m.Subject = cfb.UntilNUL(encodings.With(m.cp, v))
	case tnefBody:
		m.Body = strings.TrimRight(encodings.Decode(v), "\x00")
	case tnefRendering:
		if len(m.Attachments) < maxTNEFFiles {
			m.Attachments = append(m.Attachments, Attachment{cp: m.cp})
		}
	case tnefTitle:
		if a := last(); a.Name == "" {
			a.Name = cfb.UntilNUL(encodings.With(m.cp, v))
		}
	case tnefData:
		last().Data = v
	case tnefProperties:
		mapi(v, func(id, kind int, v []byte) { m.mapi(id, kind, v) })
	case tnefAttachment:
		a := last()
		mapi(v, func(id, kind int, v []byte) {
			if id == 0x3707 {
				a.Name = mapiText(kind, v, a.cp)
			}
		})
	}
}

func (m *Message) mapi(id, kind int, v []byte) {
	switch id {
	case 0x0037:
		m.Subject = mapiText(kind, v, m.cp)
	case 0x0c1a:
		m.From = mapiText(kind, v, m.cp)
	case 0x0e04:
		m.To = mapiText(kind, v, m.cp)
	case 0x0e03:
		m.Cc = mapiText(kind, v, m.cp)
	case 0x1000:
		m.Body = mapiText(kind, v, m.cp)
	case 0x1013:
		m.HTML = v
	case 0x1009:
		m.RTF = unpackRTF(v)
	}
}

func mapiText(kind int, v []byte, cp encoding.Encoding) string {
	if kind == 0x1f {
		return strings.Trim(le.UTF16(v), "\x00")
	}
	return strings.Trim(encodings.With(cp, v), "\x00")
}

// mapi shows the properties of a block; of those with several values, the last.
func mapi(b []byte, visit func(id, kind int, v []byte)) {
	n := le.U32(b, 0)
	at := 4
	for range n {
		if at+4 > len(b) {
			return
		}
		kind, id := le.U16(b, at), le.U16(b, at+2)
		at += 4
		if id >= 0x8000 { // named by a GUID and a number or a string
			named := le.U32(b, at+16)
			at += 20
			if named == 0 {
				at += 4
			} else {
				at += 4 + (le.U32(b, at)+3)&^3
			}
		}
		var size int
		values := 1
		switch kind &^ 0x1000 {
		case 0x02, 0x03, 0x04, 0x0a, 0x0b:
			size = 4
		case 0x05, 0x06, 0x07, 0x14, 0x40:
			size = 8
		case 0x48:
			size = 16
		case 0x1e, 0x1f, 0x102, 0x0d:
			size = -1
		default:
			return
		}
		if size < 0 || kind&0x1000 != 0 {
			values = le.U32(b, at)
			at += 4
		}
		for range values {
			length := size
			if size < 0 {
				length = le.U32(b, at)
				at += 4
			}
			if at < 0 || length < 0 || at > len(b) || length > len(b)-at {
				return
			}
			visit(id, kind, b[at:at+length])
			at += (length + 3) &^ 3
		}
	}
}
