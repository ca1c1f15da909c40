package objectstore

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxKey and maxSegment bound keys to what every store takes: S3 allows 1024 bytes with the
// prefix, most file systems 255 bytes a name.
const (
	maxKey     = 512
	maxSegment = 255
	tempFolder = ".aidoc-tmp" // where a folder store keeps unfinished files
)

// ValidKey returns nil for a key that every store can hold: segments of printable UTF-8
// separated by single slashes, none of them "." or "..", at most 512 bytes in all. Errors are ErrBadKey.
func ValidKey(key string) error {
	bad := func(why string) error {
		return &Error{Code: CodeBadKey, Message: fmt.Sprintf("%q is not a valid key: it %s", clip(key), why)}
	}
	switch {
	case key == "":
		return bad("is empty")
	case len(key) > maxKey:
		return bad(fmt.Sprintf("is longer than %d bytes", maxKey))
	case !utf8.ValidString(key):
		return bad("is not UTF-8")
	case strings.ContainsRune(key, '\\'):
		return bad("has a backslash")
	case strings.IndexFunc(key, unsafeRune) >= 0:
		return bad("has a control or format character")
	}
	for i, segment := range strings.Split(key, "/") {
		switch {
		case segment == "":
			return bad("starts or ends with a slash, or has two in a row")
		case segment == "." || segment == "..":
			return bad("has a . or .. segment")
		case len(segment) > maxSegment:
			return bad(fmt.Sprintf("has a segment longer than %d bytes", maxSegment))
		case i == 0 && segment == tempFolder:
			return bad("is reserved")
		}
	}
	return nil
}

func unsafeRune(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

func clip(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}
