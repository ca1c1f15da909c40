package odf

import (
	"bytes"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// OpenFlatODF reads an OpenDocument file written as one XML file.
func OpenFlatODF(data []byte, format, mime string, lim doc.Limits) (doc.Source, error) {
	content := bytes.Replace(bytes.Replace(data, []byte("<office:document "), []byte("<office:document-content "), 1), []byte("</office:document>"), []byte("</office:document-content>"), 1)
	f := zipx.Parts(map[string][]byte{"content.xml": content, "styles.xml": data, "meta.xml": data, "mimetype": []byte(mime)}, lim.MaxUnpacked)
	return OpenODF(f, format, mime, lim)
}
