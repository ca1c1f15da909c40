// Package detect names a file's format by its content. Names are a hint for text formats only.
package detect

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// Kind is a recognised format.
type Kind struct {
	Format string // "pdf", "docx", Archive …; "" when it is not one that is read
	MIME   string
	Main   string // the main part of an office file
	Label  string // for messages: "a ZIP archive"
	Advice string // what to do about a file that is not read: "unpack it and …"; empty where there is nothing special to do
}

// Archive is the format of files that hold files and are no documents themselves; their MIME type says which archive.
const Archive = "archive"

// volume is how the parts of a large archive are named: .002, .z01, .r00.
var volume = pattern.Lazily(`(?i)\.(?:\d{3}|[zr]\d\d)$`)

// headBytes is what is looked at; mimetype wants 3 KiB, PDF allows 1 KiB before its header.
const headBytes = 16 << 10

// File looks at the file at path. name is the upload's name.
func File(path, name string) (Kind, error) {
	f, err := os.Open(path)
	if err != nil {
		return Kind{}, err
	}
	defer f.Close()
	head := make([]byte, headBytes)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return Kind{}, err
	}
	head = head[:n]
	if k, ok := magic(head); ok {
		if k.Format == "zip" {
			return container(path, name)
		}
		return k, nil
	}
	if k, ok := textual(head, name); ok {
		return k, nil
	}
	m := mimetype.Detect(head)
	k := Kind{MIME: m.String()}
	if k.Label, k.Advice = label(k.MIME); m.Is("application/octet-stream") && volume.MatchString(name) {
		k.Label, k.Advice = "one part of an archive", "put the parts together, unpack them and upload the documents in them"
	}
	if k.MIME == tarMIME {
		k.Format = Archive
	}
	return k, nil
}

// Picture names the format of a raster picture by its first bytes, "" when it is something else.
func Picture(b []byte) string {
	switch k, _ := magic(b); k.Format {
	case "png", "jpeg", "gif", "webp", "bmp", "heic":
		return k.Format
	}
	return ""
}

// magic recognises binary formats by their first bytes.
func magic(b []byte) (Kind, bool) {
	has := func(p string) bool { return bytes.HasPrefix(b, []byte(p)) }
	if mime := archiveMIME(b); mime != "" { // before PDF: the first file in an archive may be one
		k := Kind{Format: Archive, MIME: mime}
		k.Label, k.Advice = label(mime)
		return k, true
	}
	switch {
	case has("PK\x03\x04"), has("PK\x05\x06"), has("PK\x07\x08"):
		return Kind{Format: "zip"}, true
	case bytes.Contains(b[:min(len(b), 1024+5)], []byte("%PDF-")):
		return Kind{Format: "pdf", MIME: "application/pdf"}, true
	case has("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		return Kind{Format: "ole", MIME: "application/x-ole-storage"}, true
	case has("\x89PNG\r\n\x1a\n"):
		return Kind{Format: "png", MIME: "image/png"}, true
	case has("\xff\xd8\xff"):
		return Kind{Format: "jpeg", MIME: "image/jpeg"}, true
	case has("GIF87a"), has("GIF89a"):
		return Kind{Format: "gif", MIME: "image/gif"}, true
	case has("II*\x00"), has("MM\x00*"):
		return Kind{Format: "tiff", MIME: "image/tiff"}, true
	case has("RIFF") && len(b) >= 12 && string(b[8:12]) == "WEBP":
		return Kind{Format: "webp", MIME: "image/webp"}, true
	case has("BM") && looksBMP(b):
		return Kind{Format: "bmp", MIME: "image/bmp"}, true
	case len(b) >= 12 && string(b[4:8]) == "ftyp":
		return isoMedia(b)
	case bytes.HasPrefix(bytes.TrimLeft(b, beforeRTF), []byte("{\\rtf")):
		return Kind{Format: "rtf", MIME: "application/rtf"}, true
	case has("\x00\x00\x00\x0cjP  \r\n\x87\n"), has("\xff\x4f\xff\x51"):
		return Kind{Format: "jp2", MIME: "image/jp2"}, true
	case has("\xdb\xa5"), has("\x31\xbe\x00\x00"):
		return Kind{MIME: "application/msword", Label: "a document of Word 2 or Write", Advice: "open it in Word or LibreOffice, save it as DOCX and upload that"}, true
	case has("\x78\x9f\x3e\x22"):
		return Kind{Format: "tnef", MIME: "application/vnd.ms-tnef"}, true
	case has("\xffWPC"):
		return Kind{MIME: "application/vnd.wordperfect", Label: "a WordPerfect document", Advice: "save it as DOCX or PDF and upload that"}, true
	case has("\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d"):
		return Kind{MIME: "application/onenote", Label: "a OneNote section", Advice: "export it as PDF and upload that"}, true
	case has("AT&TFORM"):
		return Kind{MIME: "image/vnd.djvu", Label: "a DjVu document", Advice: "convert it to PDF and upload that"}, true
	case has("!BDN"):
		return Kind{MIME: "application/vnd.ms-outlook-pst", Label: "an Outlook mailbox (pst)", Advice: "save the messages one by one and upload those"}, true
	case has("\xd7\xcd\xc6\x9a"), has("\x01\x00\x00\x00") && len(b) >= 44 && string(b[40:44]) == " EMF":
		return Kind{MIME: "image/wmf", Label: "a Windows metafile (a drawing)", Advice: convert}, true
	case has("\x00\x00\x1a\x00"):
		return Kind{MIME: "application/vnd.lotus-1-2-3", Label: "a worksheet of Lotus 1-2-3", Advice: "save it as XLSX and upload that"}, true
	case has("HWP Document File"):
		return Kind{MIME: "application/x-hwp", Label: "a document of an old Hangul (97 or before)", Advice: "save it as DOCX or PDF and upload that"}, true
	case has("7z\xbc\xaf\x27\x1c"):
		return Kind{MIME: "application/x-7z-compressed", Label: "a 7z archive", Advice: unpack}, true
	case has("\x1f\x9d"), has("\x1f\xa0"):
		return Kind{MIME: "application/x-compress", Label: "compressed with compress or LZH", Advice: unpack}, true
	case len(b) > 6 && string(b[2:5]) == "-lh" && b[6] == '-':
		return Kind{MIME: "application/x-lzh-compressed", Label: "an LZH archive", Advice: unpack}, true
	case has("\xc7\x71"):
		return Kind{MIME: "application/x-cpio", Label: "a cpio archive", Advice: unpack}, true
	case has("\xfd7zXZ\x00"):
		return Kind{MIME: "application/x-xz", Label: "compressed with xz", Advice: unpack}, true
	case has("\x09\x00\x04\x00"), has("\x09\x02\x06\x00"), has("\x09\x04\x06\x00"), has("\x09\x08\x08\x00"), has("\x09\x08\x10\x00"):
		return Kind{Format: "biff", MIME: "application/vnd.ms-excel"}, true
	}
	return Kind{}, false
}

// looksBMP wants what a header of a BMP cannot be without; text that begins with BM has no zeros. Programs use the four bytes before for
// what they like.
func looksBMP(b []byte) bool {
	if len(b) < 26 {
		return false
	}
	size := binary.LittleEndian.Uint32(b[14:])
	return bytes.Equal(b[6:10], make([]byte, 4)) || size == 12 || size >= 16 && size <= 256
}

// textual accepts files without binary bytes.
func textual(b []byte, name string) (Kind, bool) {
	wide := encodings.UTF32(b) != nil
	if len(b) == 0 || !wide && !looksText(b) && encodings.UTF16(b) == nil {
		return Kind{}, false
	}
	ext := strings.ToLower(filepath.Ext(name))
	head := bytes.ToLower(bytes.TrimLeft(narrow(b, wide), "\xef\xbb\xbf \t\r\n"))
	switch {
	case looksRTF(b, ext):
		return Kind{Format: "rtf", MIME: "application/rtf"}, true
	case bytes.HasPrefix(head, []byte("%!ps-adobe")): // a program that draws pages: its text is not theirs
		k := Kind{MIME: "application/postscript"}
		k.Label, k.Advice = label(k.MIME)
		return k, true
	case looksMail(head):
		return Kind{Format: "eml", MIME: "message/rfc822"}, true
	case bytes.HasPrefix(head, []byte("<?xml")) && bytes.Contains(head[:min(len(head), 2048)], []byte("schemas.microsoft.com/office/word/2003/wordml")):
		return Kind{Format: "wordml", MIME: "application/msword"}, true
	case bytes.HasPrefix(head, []byte("<?xml")) && bytes.Contains(head[:min(len(head), 2048)], []byte("schemas.microsoft.com/office/2006/xmlpackage")):
		return Kind{Format: "flatopc", MIME: "application/msword"}, true
	case bytes.HasPrefix(head, []byte("<?xml")) && bytes.Contains(head[:min(len(head), 4096)], []byte("office:mimetype=\"application/vnd.oasis.opendocument.")):
		return flatODF(head), true
	case bytes.HasPrefix(head, []byte("<?xml")) && !looksHTML(head):
		return Kind{Format: "xml", MIME: "text/xml"}, true
	case looksHTML(head) || ext == ".html" || ext == ".htm" || ext == ".xhtml":
		return Kind{Format: "html", MIME: "text/html"}, true
	case ext == ".csv" || ext == ".tsv":
		return Kind{Format: "csv", MIME: "text/csv"}, true
	case ext == ".md" || ext == ".markdown":
		return Kind{Format: "md", MIME: "text/markdown"}, true
	}
	return Kind{Format: "txt", MIME: "text/plain"}, true
}

// htmlRoots are the elements that a web page begins with, or a piece of one.
var htmlRoots = []string{"html", "head", "body", "div", "p", "table", "span", "h1", "ul", "section", "article", "main"}

// xmlRoot is the name of the outermost element of XML, in small letters, without a prefix: "" where it is not in sight.
func xmlRoot(head []byte) string {
	for {
		head = bytes.TrimLeft(head, " \t\r\n")
		end := []byte(">")
		switch {
		case bytes.HasPrefix(head, []byte("<!--")):
			end = []byte("-->")
		case bytes.HasPrefix(head, []byte("<?")):
			end = []byte("?>")
		case !bytes.HasPrefix(head, []byte("<")):
			return ""
		case !bytes.HasPrefix(head, []byte("<!")):
			name := head[1:]
			if i := bytes.IndexAny(name, " \t\r\n/>"); i >= 0 {
				name = name[:i]
			}
			return string(name[bytes.IndexByte(name, ':')+1:])
		}
		_, rest, ok := bytes.Cut(head, end)
		if !ok {
			return ""
		}
		head = rest
	}
}

func looksHTML(head []byte) bool {
	head = head[:min(len(head), 4096)]
	if root := xmlRoot(head); bytes.HasPrefix(head, []byte("<?xml")) && root != "" {
		return slices.Contains(htmlRoots, root)
	}
	if bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html")) {
		return true
	}
	if !bytes.HasPrefix(head, []byte("<")) {
		return false
	}
	for _, t := range []string{"<html", "<head", "<body", "<div", "<p>", "<table", "<!doctype html", "<span", "<h1", "<ul", "<script", "<title"} {
		if bytes.Contains(head, []byte(t)) {
			return true
		}
	}
	return false
}

var mailFields = []string{"received:", "return-path:", "mime-version:", "message-id:", "delivered-to:", "from:", "date:", "subject:", "to:", "x-mailer:"}

// looksMail wants header fields only up to the first empty line, three of them typical.
func looksMail(head []byte) bool {
	hits := 0
	for i, line := range bytes.SplitN(head[:min(len(head), 8192)], []byte("\n"), 60) {
		line = bytes.TrimRight(line, "\r")
		if len(line) == 0 {
			break
		}
		if i == 0 && bytes.HasPrefix(line, []byte("from ")) {
			continue
		}
		if line[0] == ' ' || line[0] == '\t' {
			continue
		}
		c := bytes.IndexByte(line, ':')
		if c <= 0 || bytes.IndexByte(line[:c], ' ') >= 0 {
			return hits >= 3
		}
		for _, f := range mailFields {
			if bytes.HasPrefix(line, []byte(f)) {
				hits++
			}
		}
	}
	return hits >= 3
}

// narrow drops the zero bytes and the mark of UTF-16 and UTF-32 so that markup is recognised.
func narrow(b []byte, utf32 bool) []byte {
	if len(b) > 2 && (b[0] == 0xff && b[1] == 0xfe || b[0] == 0xfe && b[1] == 0xff) {
		b, utf32 = b[2:], true
	}
	if utf32 {
		return bytes.TrimLeft(bytes.ReplaceAll(b, []byte{0}, nil), "\xfe\xff")
	}
	return b
}

// looksText allows what encodings use: no control bytes except the usual ones, zeros only in UTF-16.
func looksText(b []byte) bool {
	if len(b) >= 2 && (b[0] == 0xff && b[1] == 0xfe || b[0] == 0xfe && b[1] == 0xff) {
		return true
	}
	bad, zero := 0, [2]int{}
	korean := bytes.Contains(b, []byte(encodings.Korean2022))
	for i, c := range b {
		switch {
		case korean && (c == 0x0e || c == 0x0f): // before and behind its letters
		case c == 0:
			zero[i&1]++
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b && c != 0x1a && c != 0x08:
			bad++
		}
	}
	if z := zero[0] + zero[1]; z > 0 {
		return max(zero[0], zero[1])*5 > len(b)*2 && min(zero[0], zero[1])*20 <= z && bad*50 < len(b)
	}
	return bad*100 <= len(b)
}
