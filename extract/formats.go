package extract

import "slices"

// mimes are the types read without helper programs.
var mimes = []string{
	"application/pdf",
	"image/png", "image/jpeg", "image/tiff", "image/webp", "image/gif", "image/bmp",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation",
	"text/plain", "text/markdown", "text/csv", "text/html",
}

// MIMEs implements Extractor.
func (p *Pool) MIMEs() []string { return slices.Clone(mimes) }
