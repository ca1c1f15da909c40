package outlook

import (
	"strings"

	"golang.org/x/text/encoding"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// maxSample bounds the text that the encoding of a message is guessed from.
const maxSample = 64 << 10

// codepageOf finds the encoding of a message's 8-bit strings: the code page it states, unless that is
// the Western one, which programs state for anything; then what its strings look like.
func codepageOf(f *cfb.File) encoding.Encoding {
	stated := statedCodepage(f)
	if stated != 0 && stated != 1252 && stated != 20127 && stated != 28591 && stated != 65001 {
		return encodings.Codepage(stated)
	}
	var sample []byte
	for _, e := range f.List() {
		_, name := e.Split()
		name = strings.ToUpper(name)
		if e.Stream && strings.HasPrefix(name, "__SUBSTG1.0_") && strings.HasSuffix(name, "001E") && len(sample) < maxSample {
			b, _ := f.Stream(e)
			sample = append(append(sample, b[:min(len(b), maxSample)]...), '\n')
		}
	}
	return encodings.Guess(sample)
}

// statedCodepage reads PidTagMessageCodepage, else PidTagInternetCodepage; 0 when neither is there.
func statedCodepage(f *cfb.File) int {
	b := f.Read("__properties_version1.0")
	internet := 0
	for at := 32; at+16 <= len(b); at += 16 {
		switch le.U32(b, at) {
		case 0x3ffd0003:
			return le.U32(b, at+8)
		case 0x3fde0003:
			internet = le.U32(b, at+8)
		}
	}
	return internet
}
