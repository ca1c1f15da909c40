package worker

import (
	"bytes"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/html"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/text"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// xmlText is the text of an XML file; what is no XML in its middle is read as a browser does, to its end.
func xmlText(data []byte) string {
	data = xmlDecoded(data)
	s, whole := text.XML(data)
	if !whole {
		if page := html.HTMLText(string(data)).Text; len(page) > len(s) {
			return page
		}
	}
	return s
}

// declared is the declaration of XML that names an encoding.
var declared = pattern.Lazily(`^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>`)

// xmlDecoded makes UTF-8 of XML whose stated encoding is wrong, unknown to the parser or missing.
func xmlDecoded(data []byte) []byte {
	m := declared.FindSubmatch(data[:min(len(data), 1024)])
	switch {
	case encodings.UTF32(data) != nil:
		return []byte(encodings.Raw(data))
	case utf8.Valid(data) && m != nil:
		return data[len(m[0]):]
	case utf8.Valid(data) || bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")): // the parser knows UTF-16
		return data
	case m != nil:
		return []byte(html.Labelled(data[len(m[0]):], string(m[1])))
	}
	return []byte(encodings.Raw(data))
}
