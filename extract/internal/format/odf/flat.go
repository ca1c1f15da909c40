package odf

import (
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// OpenFlatODF reads an OpenDocument file written as one XML file.
func OpenFlatODF(data []byte, format, mime string, lim doc.Limits) (doc.Source, error) {
	f := zipx.Parts(map[string][]byte{"content.xml": data, "styles.xml": data, "meta.xml": data, "mimetype": []byte(mime)}, lim.MaxUnpacked)
	return OpenODF(f, format, mime, lim)
}
