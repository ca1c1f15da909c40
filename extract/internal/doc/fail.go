package doc

import (
	"errors"
	"fmt"
	"slices"
)

// Code names why a file or a page could not be read. Codes are stable: they are stored in WordPress, documented in
// docs/operations.md and shown with a sentence that says what to do.
type Code string

const (
	CodeEmptyFile       Code = "empty_file"
	CodeUnsupportedType Code = "unsupported_type"
	CodeCorrupt         Code = "corrupt_file"
	CodeEncrypted       Code = "encrypted"
	CodeNoPages         Code = "no_pages"
	CodeNoText          Code = "no_text"
	CodeTooLarge        Code = "too_large" // bytes, pages, pixels or decompressed size over a limit
	CodeTimeout         Code = "extract_timeout"
	CodeCrash           Code = "extract_crash"
	CodeLanguageMissing Code = "ocr_language_missing"
	CodeInternal        Code = "extract_internal"
)

// readerCodes are the codes that a reader may give. What is missing here only the pool can know: that a reader took too long,
// or crashed.
var readerCodes = []Code{
	CodeEmptyFile, CodeUnsupportedType, CodeCorrupt, CodeEncrypted, CodeNoPages, CodeNoText, CodeTooLarge, CodeLanguageMissing, CodeInternal,
}

// FromReader says that a child may answer with this code.
func (c Code) FromReader() bool { return slices.Contains(readerCodes, c) }

// Transient says that another try may succeed: trouble of this machine is transient, what is the file's is not.
func (c Code) Transient() bool { return c == CodeInternal || c == CodeLanguageMissing }

// Fail is the reason why a file or a page could not be read.
type Fail struct {
	Code    Code   `json:"code"`
	Message string `json:"message"` // one sentence for the person who uploaded it; no document text
	// Transient means that trying again, here or elsewhere, may succeed.
	Transient bool  `json:"transient,omitempty"`
	Err       error `json:"-"`
}

func (f *Fail) Error() string {
	if f.Err != nil {
		return fmt.Sprintf("%s: %s: %v", f.Code, f.Message, f.Err)
	}
	return fmt.Sprintf("%s: %s", f.Code, f.Message)
}

func (f *Fail) Unwrap() error { return f.Err }

// Failf makes a Fail.
func Failf(code Code, err error, format string, args ...any) *Fail {
	return &Fail{Code: code, Message: fmt.Sprintf(format, args...), Transient: code.Transient(), Err: err}
}

// Corrupt is the answer to a file of a known format that cannot be parsed.
func Corrupt(format string, err error) *Fail {
	return Failf(CodeCorrupt, err, "The %s file is damaged and cannot be read; open it in its program, save it again and upload the new copy.", format)
}

// Encrypted is the answer to a file that needs a password.
func Encrypted(format string) *Fail {
	return Failf(CodeEncrypted, nil, "The %s file is protected by a password; upload a copy without one.", format)
}

// AsFail turns any error of a reader into a Fail.
func AsFail(err error) *Fail {
	var f *Fail
	if errors.As(err, &f) {
		return f
	}
	return Failf(CodeInternal, err, "The file could not be read because of an internal error.")
}
