package worker

import (
	"archive/zip"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/detect"
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
	named  []string
	more   int
	locked int // that need a password
}

// add notes a file. Signatures hold no text and are left out.
func (u *unread) add(name, why string) {
	if strings.EqualFold(path.Ext(name), ".p7s") {
		return
	}
	if why == lockedReason {
		u.locked++
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
	return "Not all files inside could be read: " + u.list() + "; upload them by themselves if their text is needed."
}

func (u *unread) list() string {
	list := strings.Join(u.named, ", ")
	if u.more > 0 {
		list += fmt.Sprintf(" and %d more", u.more)
	}
	return list
}

// refusal says why nothing of an archive was read: all of it is locked, or what its files are; the error itself where no file was found.
func (u *unread) refusal(kind detect.Kind, err error) error {
	switch n := len(u.named) + u.more; {
	case doc.AsFail(err).Code != doc.CodeUnsupportedType || n == 0:
		return err
	case u.locked == n:
		return doc.Failf(doc.CodeEncrypted, nil, "The file is %s, and all in it is protected by a password; upload the files without one.", kind.Label)
	}
	return doc.Failf(doc.CodeUnsupportedType, nil, "The file is %s, and nothing in it could be read: %s; %s.", kind.Label, u.list(), or(kind.Advice, reads))
}

// lockedReason and methodReason are told of a file behind a password, and of one that was packed in a way that no reader here knows.
const (
	lockedReason = "protected by a password"
	methodReason = "packed in a way that is not read"
)

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
	case errors.Is(err, zip.ErrAlgorithm):
		return methodReason
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
		return lockedReason
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
