package extract

import "fmt"

// Code names why a file or a page could not be read. Codes are stable: they are stored in
// WordPress, documented in docs/operations.md and shown with a sentence that says what to do.
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

// Error is the reason why a file or a page could not be read.
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message"` // one sentence for the person who uploaded it; no document text
	// Transient means that trying again, here or elsewhere, may succeed.
	Transient bool  `json:"transient,omitempty"`
	Err       error `json:"-"`
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Message)
}

func (e *Error) Unwrap() error { return e.Err }
