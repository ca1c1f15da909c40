// Package mail reads e-mail messages: headers that matter, the body, the names of attachments and
// the text of attached messages and texts.
package mail

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"

	"golang.org/x/net/html/charset"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/html"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
)

// maxParts and maxDepth bound a message.
const (
	maxParts = 1000
	maxDepth = 12
)

// Attachment is a file that came with a message.
type Attachment struct {
	Name string
	Data []byte
}

// Doc is a message as text.
type Doc struct {
	Subject, From string
	Parts         []string // its text, parted by empty lines
	Links         doc.Links
}

// Text is the message as one text.
func (d Doc) Text() string { return strings.Join(d.Parts, "\n\n") }

type reader struct {
	embed func(name string, data []byte) string
	doc   Doc
	out   []string
	parts int
	shut  int // parts that are encrypted
	open  int // parts with a text
	keys  int // given to files of parts that may not be wanted
}

var words = &mime.WordDecoder{CharsetReader: func(name string, in io.Reader) (io.Reader, error) {
	return charset.NewReaderLabel(name, in)
}}

// Parse reads a message. embed turns the bytes of an attachment into text, "" for what it cannot
// read; nil leaves attachments with their names only.
func Parse(data []byte, embed func(name string, data []byte) string) (Doc, error) {
	data = bytes.TrimLeft(data, "\r\n\t ")
	r := &reader{embed: embed}
	var fail error
	for _, m := range mailbox(data) {
		if err := r.message(m, 0); err != nil && fail == nil {
			fail = err
		}
	}
	if len(r.out) == 0 && fail != nil {
		return Doc{}, fail
	}
	if r.shut > 0 && r.open == 0 {
		return Doc{}, doc.Failf(doc.CodeEncrypted, nil, "The message is encrypted; upload it decrypted.")
	}
	r.doc.Parts = r.out
	return r.doc, nil
}

func header(h textproto.MIMEHeader, key string) string {
	v := h.Get(key)
	if d, err := words.DecodeHeader(v); err == nil {
		v = d
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < 0x20 {
			return ' '
		}
		return r
	}, encodings.Decode([]byte(v))))
}

func (r *reader) message(data []byte, depth int) error {
	in := bytes.NewReader(data)
	head := bufio.NewReader(in)
	m, err := mail.ReadMessage(head)
	body := data[len(data)-in.Len()-head.Buffered():] // no copy of it
	if err != nil {
		// Broken header lines: read what textproto made of them.
		h, herr := textproto.NewReader(bufio.NewReader(bytes.NewReader(data))).ReadMIMEHeader()
		if len(h) == 0 {
			return errors.Join(err, herr)
		}
		_, body, _ = bytes.Cut(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
		m = &mail.Message{Header: mail.Header(h)}
	}
	h := textproto.MIMEHeader(m.Header)
	var lines []string
	for _, k := range []string{"Subject", "From", "To", "Cc", "Date"} {
		if v := header(h, k); v != "" {
			lines = append(lines, k+": "+v)
		}
	}
	if depth == 0 && r.doc.Subject == "" && r.doc.From == "" {
		r.doc.Subject, r.doc.From = header(h, "Subject"), header(h, "From")
	}
	r.out = append(r.out, strings.Join(lines, "\n"))
	r.part(h, body, depth)
	return nil
}

// part reads one MIME part.
func (r *reader) part(h textproto.MIMEHeader, body []byte, depth int) {
	if r.parts++; r.parts > maxParts || depth > maxDepth {
		return
	}
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil && kind == "" {
		kind = "text/plain"
	}
	kind = strings.ToLower(kind)
	if strings.HasPrefix(kind, "multipart/") && kind != "multipart/encrypted" && params["boundary"] != "" {
		r.multi(kind, params["boundary"], body, depth)
		return
	}
	body = decodeBody(h.Get("Content-Transfer-Encoding"), body)
	if encrypted(kind, params, body) {
		r.shut++
		r.out = append(r.out, "[Encrypted]")
		return
	}
	disp, dparams, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	name := dparams["filename"]
	if name == "" {
		name = params["name"]
	}
	if d, err := words.DecodeHeader(name); err == nil {
		name = d
	}
	switch {
	case kind == "message/rfc822":
		_ = r.message(body, depth+1)
	case disp == "attachment" || name != "" && !strings.HasPrefix(kind, "text/"):
		r.open++
		if name != "" {
			r.out = append(r.out, "[Attachment: "+name+"]")
		}
		if r.embed != nil {
			if s := strings.TrimSpace(r.embed(name, body)); s != "" {
				r.out = append(r.out, s)
			}
		}
	case kind == "text/html":
		page := html.HTML(body, h.Get("Content-Type"))
		r.doc.Links.AddAll(page.Links)
		r.say(page.Text)
	case strings.HasPrefix(kind, "text/"):
		r.say(strings.TrimSpace(text(body, params["charset"])))
	}
}

// say writes the text of a part.
func (r *reader) say(text string) {
	if text != "" {
		r.open++
	}
	r.out = append(r.out, text)
}

// encrypted tells what only its receiver can read: PGP in a part or in the text, and S/MIME that is not merely signed.
func encrypted(kind string, params map[string]string, body []byte) bool {
	switch kind {
	case "multipart/encrypted", "application/pgp-encrypted":
		return true
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		return params["smime-type"] == "" || strings.HasSuffix(params["smime-type"], "enveloped-data")
	}
	return bytes.HasPrefix(bytes.TrimSpace(body), []byte("-----BEGIN PGP MESSAGE-----"))
}

func text(body []byte, label string) string {
	if e, name := charset.Lookup(label); e != nil && name != "utf-8" && name != "windows-1252" {
		return encodings.Decode([]byte(html.Labelled(body, label)))
	}
	return encodings.Decode(body)
}

// sub is one part of a multipart body.
type sub struct {
	h textproto.MIMEHeader
	b []byte
}

func (r *reader) multi(kind, boundary string, body []byte, depth int) {
	var subs []sub
	mr := multipart.NewReader(bytes.NewReader(body), boundary)
	for at := 0; len(subs) < maxParts; {
		p, err := mr.NextRawPart()
		if err != nil {
			break
		}
		at = afterHeader(body, at, boundary)
		b, err := sameBytes(p, body[at:])
		at += len(b)
		subs = append(subs, sub{p.Header, b})
		if err != nil {
			break
		}
	}
	if kind == "multipart/alternative" && len(subs) > 0 {
		r.alternative(subs, depth)
		return
	}
	for _, s := range subs {
		r.part(s.h, s.b, depth+1)
	}
}

// afterHeader is where in a multipart body what follows the header of the next part probably begins.
func afterHeader(body []byte, at int, boundary string) int {
	at = min(at, len(body))
	i := bytes.Index(body[at:], []byte("--"+boundary))
	if i < 0 {
		return len(body)
	}
	for at += i; at < len(body); {
		end := bytes.IndexByte(body[at:], '\n') + 1
		if end == 0 {
			return len(body)
		}
		at += end
		if rest := body[at:]; bytes.HasPrefix(rest, []byte("\n")) {
			return at + 1
		} else if bytes.HasPrefix(rest, []byte("\r\n")) {
			return at + 2
		}
	}
	return len(body)
}

// sameBytes reads r to its end. Where the bytes are those that body begins with it gives these and no copy: a message may be large.
func sameBytes(r io.Reader, body []byte) ([]byte, error) {
	buf := make([]byte, 32<<10)
	for n := 0; ; {
		k, err := r.Read(buf)
		if !bytes.HasPrefix(body[n:], buf[:k]) {
			rest, err := io.ReadAll(r)
			return slices.Concat(body[:n], buf[:k], rest), err
		}
		n += k
		switch {
		case errors.Is(err, io.EOF):
			return body[:n:n], nil
		case err != nil:
			return body[:n:n], err
		}
	}
}

func decodeBody(enc string, b []byte) []byte {
	switch strings.ToLower(strings.TrimSpace(enc)) {
	case "base64":
		return encodings.Base64(b)
	case "quoted-printable":
		out, _ := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(b)))
		return out
	}
	return b
}
