package pdf

import (
	"bytes"
	"cmp"
	"io"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/layout"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// formBytes bounds the XML of a form; forms hold pictures, which no text is lost with.
const formBytes = 16 << 20

// form is the text of an XML form whose pages say no more than that it has to be opened in Acrobat: its template's words in their order, with
// the values that were filled in; "" for any other PDF, and for a form that cannot be read, which is said.
func (f *file) form() string {
	text, is := formOf(f.doc)
	if is && text == "" {
		f.info.Warn("The PDF is a form that only Adobe Acrobat shows, and its words could not be read; open it there, print it into a new PDF and upload that.")
	}
	return text
}

// formOf says as well whether there is such a form.
func formOf(d *mupdf.Document) (text string, is bool) {
	var data bytes.Buffer
	parts := d.Form()
	for _, part := range parts {
		r, err := d.Open(part)
		if err != nil {
			continue
		}
		_, _ = io.Copy(&data, io.LimitReader(r, int64(formBytes-data.Len()))) // what of it can be read
		r.Close()
	}
	return formWords(data.Bytes()), len(parts) > 0
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
	group  string // the value of the group of buttons that is being written
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
			if !unseen[k.Get("presence")] {
				f.add(words(k.Child("value")))
			}
		case "field":
			f.field(k)
		case "exclGroup": // one of its buttons is on: which, says the value of the group
			f.group = f.take(k.Get("name"))
			f.template(k, depth+1)
			f.group = ""
		case "subform", "subformSet", "area", "pageSet", "pageArea", "template":
			f.template(k, depth+1)
		}
	}
}

// take gives the next value of that name, "" where none is left.
func (f *formText) take(name string) string {
	left := f.values[name]
	if len(left) == 0 {
		return ""
	}
	f.values[name] = left[1:]
	return left[0]
}

// unseen are the presences of what a form does not show, unless a script of it decides otherwise: what was filled in is read nevertheless.
var unseen = map[string]bool{"hidden": true, "invisible": true, "inactive": true}

func (f *formText) field(n *zipx.Node) {
	caption, name := words(n.Child("caption", "value")), n.Get("name")
	value := cmp.Or(f.take(name), f.group)
	entered := value != ""
	if !entered {
		value = words(n.Child("value"))
	}
	ui := n.Child("ui")
	switch {
	case ui != nil && ui.Child("passwordEdit") != nil:
		value = ""
	case ui != nil && ui.Child("checkButton") != nil:
		f.box(n, caption, name, value)
		return
	default:
		value = chosen(n, value)
	}
	switch {
	case unseen[n.Get("presence")] && !entered:
	case value == "":
		f.add(caption)
	case caption == "":
		f.add(name + ": " + value)
	default:
		f.add(strings.TrimRight(caption, ": ") + ": " + value)
	}
}

// box writes a box or a button with its words: it is on where its value is the first of its items, which is 1 where none are named.
func (f *formText) box(n *zipx.Node, caption, name, value string) {
	on := "1"
	if all := items(n); len(all) > 0 && len(all[0]) > 0 {
		on = all[0][0]
	}
	switch ticked := value == on; {
	case ticked && caption == "":
		f.add(layout.Ticked + " " + name)
	case ticked:
		f.add(layout.Ticked + " " + caption)
	case !unseen[n.Get("presence")]:
		f.add(caption)
	}
}

// chosen is what a field with choices shows for a value: the item at the same place of its list of words.
func chosen(n *zipx.Node, value string) string {
	all := items(n)
	if len(all) < 2 || value == "" {
		return value
	}
	for i, v := range all[1] {
		if v == value && i < len(all[0]) && all[0][i] != "" {
			return all[0][i]
		}
	}
	return value
}

// items are a field's choices: what is shown, and then the values of that, if they differ.
func items(n *zipx.Node) (out [][]string) {
	for _, k := range n.Kids {
		if k.Name != "items" {
			continue
		}
		var list []string
		for _, item := range k.Kids {
			if item.Name != "" {
				list = append(list, strings.TrimSpace(item.Content()))
			}
		}
		if out = append(out, list); len(out) == 2 && out[0] != nil && k.Get("save") != "1" {
			out[0], out[1] = out[1], out[0]
		}
	}
	return out
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
