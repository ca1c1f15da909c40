package ppt97

import (
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// Objects gives the documents embedded in a presentation: compound files, packed or not, in the
// stream of the presentation itself.
func Objects(f *cfb.File) []cfb.Object {
	doc := f.Read("PowerPoint Document")
	if doc == nil {
		return nil
	}
	objects, _ := liveObjects(doc, le.U32(f.Read("Current User"), 16))
	places := make([]int, 0, len(objects))
	for _, at := range objects {
		if at >= 0 && at+8 <= len(doc) && le.U16(doc, at+2) == ptObject {
			places = append(places, at)
		}
	}
	slices.Sort(places)
	var out []cfb.Object
	for _, at := range slices.Compact(places) {
		if len(out) >= cfb.MaxObjects {
			break
		}
		body := bodyAt(doc, at)
		if le.U16(doc, at)>>4 == 1 {
			body = f.Unzlib(body[min(len(body), 4):])
		}
		if len(body) > 512 {
			out = append(out, cfb.Object{Name: "object", Data: body})
		}
	}
	return out
}
