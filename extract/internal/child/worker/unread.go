package worker

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// Bounds of the sentence about files that could not be read: a portfolio may hold thousands.
const (
	maxUnreadNames = 4
	maxUnreadName  = 40 // bytes
)

// unread collects the names of files inside an upload that could not be read, and why.
type unread struct {
	named []string
	more  int
}

// add notes a file. Signatures hold no text and are left out.
func (u *unread) add(name, why string) {
	if strings.EqualFold(path.Ext(name), ".p7s") {
		return
	}
	if len(u.named) >= maxUnreadNames {
		u.more++
		return
	}
	if name = shorten(line(name)); name == "" {
		name = "a file without a name"
	}
	u.named = append(u.named, name+" ("+why+")")
}

// sentence names them for people; "" when all were read.
func (u *unread) sentence() string {
	if len(u.named) == 0 {
		return ""
	}
	list := strings.Join(u.named, ", ")
	if u.more > 0 {
		list += fmt.Sprintf(" and %d more", u.more)
	}
	return "Not all files inside could be read: " + list + "; upload them by themselves if their text is needed."
}

// shorten keeps the end of a long name, which says what kind of file it is.
func shorten(name string) string {
	if len(name) <= maxUnreadName {
		return name
	}
	name = name[len(name)-maxUnreadName:]
	for name != "" && !utf8.RuneStart(name[0]) {
		name = name[1:]
	}
	return "…" + name
}

// reason says in a few words why a file could not be read.
func reason(err error) string {
	switch {
	case errors.Is(err, errPart):
		return errPart.Error()
	case errors.Is(err, flow.ErrMany):
		return flow.ErrMany.Error()
	case errors.Is(err, zipx.ErrBudget):
		return "too large"
	case errors.Is(err, zipx.ErrLocked):
		return reason(doc.Encrypted(""))
	}
	var f *doc.Fail
	if !errors.As(err, &f) { // what a reader of a container could not unpack
		return reason(doc.Corrupt("", err))
	}
	switch f.Code {
	case doc.CodeEncrypted:
		return "protected by a password"
	case doc.CodeUnsupportedType:
		return "of a type that is not read"
	case doc.CodeTooLarge:
		return "too large"
	case doc.CodeCorrupt:
		return "damaged"
	}
	return "could not be read"
}

// warned is a source with a sentence about what could not be read of it.
type warned struct {
	doc.Source
	sentence string
}

// warn adds the sentence to what a source says of itself.
func (u *unread) warn(src doc.Source) doc.Source {
	if s := u.sentence(); s != "" {
		return warned{src, s}
	}
	return src
}

func (w warned) Info() doc.Info {
	i := w.Source.Info()
	i.Warn(w.sentence)
	return i
}
