package cfb

import (
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// Object is a file or a document kept inside a compound file: either its bytes or, when it is a
// compound document itself, its storage.
type Object struct {
	Name    string
	Label   string // the name that the program shows; "" when it has none
	Data    []byte
	Storage *File
}

// MaxObjects bounds what one file gives.
const MaxObjects = 200

// Objects lists what programs embedded: storages below ObjectPool (Word), MBD… (Excel), the object that the
// file itself wraps, and after that the streamed ones, which a reader of the file's format found in its own stream.
func Objects(f *File, streamed ...Object) []Object {
	var out []Object
	if f == nil {
		return nil
	}
	if o, ok := wrapped(f); ok {
		out = append(out, o)
	}
	out = append(out, streamed...)
	for _, e := range f.List() {
		if e.Stream || len(out) >= MaxObjects {
			continue
		}
		dir, base := e.Split()
		if !strings.EqualFold(dir, "ObjectPool") && !(dir == "" && strings.HasPrefix(strings.ToUpper(base), "MBD")) {
			continue
		}
		sub := f.Sub(e.Path)
		if sub == nil {
			continue
		}
		if o, ok := wrapped(sub); ok {
			out = append(out, o)
		} else if sub.document() {
			out = append(out, Object{Name: base, Storage: sub})
		}
	}
	return out
}

// document says that a storage holds a document of a known program.
func (f *File) document() bool {
	return f.Has("WordDocument") || f.Has("Workbook") || f.Has("Book") || f.Has("PowerPoint Document")
}

// wrapped gives the file that an object storage carries: a package of the shell, an Office Open XML
// file or the contents of a viewer such as Acrobat.
func wrapped(f *File) (Object, bool) {
	if b := f.Read("\x01Ole10Native"); b != nil {
		if o, ok := parseNative(b); ok {
			return o, true
		}
	}
	for _, name := range []string{"Package", "CONTENTS", "EmbeddedOdf"} {
		if b := f.Read(name); len(b) > 4 {
			return Object{Name: strings.ToLower(name), Data: b}, true
		}
	}
	return Object{}, false
}

// parseNative reads the stream of the shell's packager: label, path, the file's bytes.
func parseNative(b []byte) (Object, bool) {
	if len(b) < 10 {
		return Object{}, false
	}
	return parsePackage(b[4:])
}

// parsePackage reads a file of the shell's packager; what is no such file is an object of another program.
func parsePackage(b []byte) (Object, bool) {
	if le.U16(b, 0) != 2 {
		return Object{Name: "object", Data: b}, len(b) > 4
	}
	label, o := cstring(b, 2)
	_, o = cstring(b, o)
	o += 4 // flags
	n := le.U32(b, o)
	o += 4 + n // the path of a temporary file
	size := le.U32(b, o)
	data := le.Bytes(b, o+4, size)
	if wide := wideLabel(b, o+4+len(data)); wide != "" {
		label = wide
	}
	return Object{Name: label, Label: strings.TrimSpace(label[strings.LastIndexAny(label, `\/`)+1:]), Data: data}, len(data) > 0
}

// wideLabel is the label in UTF-16, which newer programs write behind the data, between the two paths: the one before the data has question marks for
// letters that its code page has not.
func wideLabel(b []byte, at int) string {
	at += 4 + 2*le.U32(b, at)
	s := le.Bytes(b, at+4, 2*le.U32(b, at))
	if len(s) > 2*maxLabel {
		return ""
	}
	name := le.UTF16(s)
	if strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }) {
		return "" // other bytes
	}
	return name
}

// maxLabel bounds a label, which is the name of a file.
const maxLabel = 260

// cstring reads a zero-terminated string and says where the next field begins.
func cstring(b []byte, o int) (string, int) {
	if o < 0 || o >= len(b) {
		return "", len(b)
	}
	for i := o; i < len(b); i++ {
		if b[i] == 0 {
			return encodings.With(charmap.Windows1252, b[o:i]), i + 1
		}
	}
	return "", len(b)
}
