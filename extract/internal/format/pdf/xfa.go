package pdf

import (
	"bytes"
	"io"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// formBytes bounds the XML of a form; forms hold pictures, which no text is lost with.
const formBytes = 16 << 20

// form is the text of an XML form whose pages say no more than that it has to be opened in Acrobat: its template's words in their order, with
// the values that were filled in; "" for any other PDF.
func form(d *mupdf.Document) string {
	var data bytes.Buffer
	for _, part := range d.Form() {
		r, err := d.Open(part)
		if err != nil {
			continue
		}
		_, _ = io.Copy(&data, io.LimitReader(r, int64(formBytes-data.Len()))) // what of it can be read
		r.Close()
	}
	if data.Len() == 0 {
		return ""
	}
	return formWords(data.Bytes())
}

// formWords is the text of a form's XML, as far as that can be read.
func formWords(data []byte) string {
	tree, _ := zipx.Parts(map[string][]byte{"form": data}, formBytes).Tree("form")
	if tree == nil {
		return ""
	}
	f := &formText{values: map[string][]string{}}
	tree.Walk(func(n *zipx.Node) bool {
		if n.Name == "datasets" {
			f.collect(n.Child("data"), 0)
			return false
		}
		return true
	})
	tree.Walk(func(n *zipx.Node) bool {
		if n.Name == "template" {
			f.template(n, 0)
			return false
		}
		return true
	})
	f.rest()
	return strings.Join(f.lines, "\n\n")
}

// formText puts template and values together.
type formText struct {
	values map[string][]string // by the name of the field, in their order
	names  []string            // in the order of the data
	lines  []string
}

// formDepth bounds the nesting of a form.
const formDepth = 64

// collect gathers the values: elements without others in them.
func (f *formText) collect(n *zipx.Node, depth int) {
	if n == nil || depth > formDepth {
		return
	}
	for _, k := range n.Kids {
		if k.Name == "" {
			continue
		}
		if elements(k) {
			f.collect(k, depth+1)
			continue
		}
		if s := strings.TrimSpace(k.Content()); s != "" {
			if f.values[k.Name] == nil {
				f.names = append(f.names, k.Name)
			}
			f.values[k.Name] = append(f.values[k.Name], s)
		}
	}
}

// elements says that a node holds other elements; those of rich text are its words.
func elements(n *zipx.Node) bool {
	for _, k := range n.Kids {
		if k.Name != "" && k.Name != "body" {
			return true
		}
	}
	return false
}

// template writes words that stand on the form, and fields as caption and value.
func (f *formText) template(n *zipx.Node, depth int) {
	if depth > formDepth {
		return
	}
	for _, k := range n.Kids {
		switch k.Name {
		case "draw":
			f.add(words(k.Child("value")))
		case "field":
			f.field(k)
		case "subform", "subformSet", "exclGroup", "area", "pageSet", "pageArea", "template":
			f.template(k, depth+1)
		}
	}
}

func (f *formText) field(n *zipx.Node) {
	caption, name := words(n.Child("caption", "value")), n.Get("name")
	value := words(n.Child("value"))
	if left := f.values[name]; len(left) > 0 {
		value, f.values[name] = left[0], left[1:]
	}
	switch {
	case value == "":
		f.add(caption)
	case caption == "":
		f.add(name + ": " + value)
	default:
		f.add(strings.TrimRight(caption, ": ") + ": " + value)
	}
}

// rest writes values that no field of the template took.
func (f *formText) rest() {
	for _, name := range f.names {
		for _, v := range f.values[name] {
			f.add(name + ": " + v)
		}
	}
}

func (f *formText) add(s string) {
	if s != "" {
		f.lines = append(f.lines, s)
	}
}

// words are the text or rich text of a value; pictures and the like are none.
func words(n *zipx.Node) string {
	if n == nil {
		return ""
	}
	for _, k := range n.Kids {
		switch k.Name {
		case "text", "exData", "integer", "decimal", "float", "date", "dateTime", "time":
			return strings.Join(strings.Fields(k.Content()), " ")
		}
	}
	return ""
}
