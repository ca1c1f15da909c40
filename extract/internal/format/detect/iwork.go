package detect

import (
	"path"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

var iWorkMIME = map[string]string{"pages": "application/vnd.apple.pages", "numbers": "application/vnd.apple.numbers", "key": "application/vnd.apple.keynote"}

// iWork recognises the files of Pages, Numbers and Keynote by their parts. Which of them it is the
// slides tell, else the name.
func iWork(f *zipx.File, name string) (Kind, bool) {
	slides, found := f.Has("index.apxl"), f.Has("index.apxl") || f.Has("index.xml") && (f.Has("quicklook/thumbnail.jpg") || f.Has("buildversionhistory.plist"))
	for _, n := range f.Names() {
		base := path.Base(n)
		found = found || strings.HasSuffix(base, ".iwa") || base == "index.zip" && strings.Contains(n, ".key/") || base == "index.zip" && f.Has("metadata/properties.plist")
		slides = slides || strings.HasPrefix(base, "slide") && strings.HasSuffix(base, ".iwa")
	}
	if !found {
		return Kind{}, false
	}
	format := strings.TrimPrefix(strings.ToLower(path.Ext(name)), ".")
	switch {
	case slides:
		format = "key"
	case iWorkMIME[format] == "":
		format = "pages"
	}
	return Kind{Format: format, MIME: iWorkMIME[format]}, true
}
