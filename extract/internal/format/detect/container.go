package detect

import (
	"bytes"
	"io"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// maxLook bounds what is unpacked to recognise a container.
const maxLook = 64 << 20

// container tells office files apart by the parts they hold.
func container(path, name string) (Kind, error) {
	f, err := zipx.Open(path, maxLook)
	if err != nil {
		return Kind{Format: "badzip", MIME: "application/zip", Label: "a damaged ZIP container"}, nil
	}
	defer f.Close()
	if k, ok := byMimetypePart(f); ok {
		return k, nil
	}
	if f.Has("META-INF/container.xml") {
		return Kind{Format: "epub", MIME: "application/epub+zip"}, nil
	}
	if k, ok := openPackage(f); ok {
		return k, nil
	}
	if k, ok := iWork(f, name); ok {
		return k, nil
	}
	if officeParts(f) {
		return Kind{Format: "badzip", MIME: "application/zip", Label: "a damaged Office file"}, nil
	}
	return Kind{Format: Archive, MIME: "application/zip", Label: "a ZIP archive", Advice: unpack}, nil
}

// officeParts says that a container was an Office file whose main part is lost.
func officeParts(f *zipx.File) bool {
	for _, n := range f.Names() {
		if n == "[content_types].xml" || strings.HasPrefix(n, "word/") || strings.HasPrefix(n, "xl/") || strings.HasPrefix(n, "ppt/") {
			return true
		}
	}
	return false
}

// openDocument names the formats by the types of OpenDocument, EPUB, Hancom and OpenOffice 1.
var openDocument = map[string]string{
	"application/vnd.oasis.opendocument.text": "odt", "application/vnd.oasis.opendocument.spreadsheet": "ods",
	"application/vnd.oasis.opendocument.presentation": "odp", "application/vnd.oasis.opendocument.graphics": "odp", "application/vnd.oasis.opendocument.formula": "odt", "application/epub+zip": "epub", "application/hwp+zip": "hwpx",
	"application/vnd.sun.xml.writer": "odt", "application/vnd.sun.xml.calc": "ods", "application/vnd.sun.xml.impress": "odp",
}

func byMimetypePart(f *zipx.File) (Kind, bool) {
	r, err := f.Reader("mimetype")
	if err != nil {
		return Kind{}, false
	}
	defer r.Close()
	b, _ := io.ReadAll(io.LimitReader(r, 200))
	m := strings.TrimSpace(string(b))
	for prefix, format := range openDocument {
		if m == prefix || m == prefix+"-template" || m == prefix+"-master" || m == prefix+".template" {
			return Kind{Format: format, MIME: m}, true
		}
	}
	return Kind{}, false
}

// flatODF names an OpenDocument file written as one XML file by the type it states.
func flatODF(head []byte) Kind {
	_, rest, _ := bytes.Cut(head, []byte(`office:mimetype="`))
	m, _, _ := bytes.Cut(rest, []byte(`"`))
	mime := string(m)
	format := openDocument[strings.TrimSuffix(mime, "-template")]
	if format == "" {
		format = "odt"
	}
	return Kind{Format: "f" + format, MIME: mime}
}
