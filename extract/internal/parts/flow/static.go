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
	return &doc.Static{
		Meta:     doc.Info{Format: format, MIME: mime, Title: p.Title, Author: p.Author},
		Texts:    p.Append(texts),
		Pictures: pics.load(f, len(texts)),
	}
}
