package flow

import (
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/props"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// Static is the source of a zipped document: the texts of its pages, its properties after the last one, and the pictures that stand
// on them, nil for none. A document without a page gets an empty one, for pictures need one to stand on.
func Static(f *zipx.File, format, mime string, p props.Props, texts []string, pics *Pictures) *doc.Static {
	if len(texts) == 0 {
		texts = []string{""}
	}
	meta := doc.Info{Format: format, MIME: mime, Title: p.Title, Author: p.Author}
	if f.Cut() {
		meta.Warn("A part of the file is too long to be read to its end; text is missing there. Split the document and upload the parts of it by themselves.")
	}
	return &doc.Static{
		Meta:     meta,
		Texts:    p.Append(texts),
		Pictures: pics.Load(f.Reader, len(texts)),
	}
}
