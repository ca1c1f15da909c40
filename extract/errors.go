package extract

import "github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"

const (
	CodeEmptyFile       = doc.CodeEmptyFile
	CodeUnsupportedType = doc.CodeUnsupportedType
	CodeCorrupt         = doc.CodeCorrupt
	CodeEncrypted       = doc.CodeEncrypted
	CodeNoPages         = doc.CodeNoPages
	CodeNoText          = doc.CodeNoText
	CodeTooLarge        = doc.CodeTooLarge
	CodeTimeout         = doc.CodeTimeout
	CodeCrash           = doc.CodeCrash
	CodeLanguageMissing = doc.CodeLanguageMissing
	CodeInternal        = doc.CodeInternal
)
