package config

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// SyntaxError is a file that is not what the agent understands; it points at the line.
type SyntaxError struct {
	File    string
	Line    int
	Field   string // "" for a mistake in the YAML itself
	Message string
}

func (e *SyntaxError) Error() string {
	where := e.File
	if e.Line > 0 {
		where = fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	if e.Field != "" {
		return where + ": " + e.Field + ": " + e.Message
	}
	return where + ": " + e.Message
}

// Parse reads YAML over the present values. It is strict: an unknown or doubled field is an
// error. All mistakes are reported at once. Messages never quote the file: it may hold secrets.
func (c *Config) Parse(name string, data []byte) error {
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return yamlError(name, err)
	}
	d := decoder{file: name, anchors: map[string]ast.Node{}}
	if len(file.Docs) > 1 {
		return &SyntaxError{File: name, Message: "holds more than one YAML document: keep one"}
	}
	for _, doc := range file.Docs {
		if doc.Body != nil {
			d.mapping("", doc.Body, reflect.ValueOf(c).Elem())
		}
	}
	return errors.Join(d.errs...)
}

func yamlError(name string, err error) error {
	var ye yaml.Error
	if !errors.As(err, &ye) {
		return &SyntaxError{File: name, Message: err.Error()}
	}
	e := &SyntaxError{File: name, Message: "is not valid YAML: " + ye.GetMessage()}
	if t := ye.GetToken(); t != nil && t.Position != nil {
		e.Line = t.Position.Line
	}
	return e
}

// decoder walks the syntax tree beside the struct, so every message has its line and field.
type decoder struct {
	file    string
	anchors map[string]ast.Node
	errs    []error
}

func (d *decoder) fail(n ast.Node, path, format string, args ...any) {
	e := &SyntaxError{File: d.file, Field: path, Message: fmt.Sprintf(format, args...)}
	if t := n.GetToken(); t != nil && t.Position != nil {
		e.Line = t.Position.Line
	}
	d.errs = append(d.errs, e)
}

// plain looks through anchors, aliases and tags.
func (d *decoder) plain(n ast.Node) ast.Node {
	for range 100 { // an alias cannot be deeper in a file a person wrote
		switch v := n.(type) {
		case *ast.AnchorNode:
			d.anchors[v.Name.String()] = v.Value
			n = v.Value
		case *ast.AliasNode:
			target, ok := d.anchors[v.Value.String()]
			if !ok {
				return n
			}
			n = target
		case *ast.TagNode:
			n = v.Value
		default:
			return n
		}
	}
	return n
}

func (d *decoder) mapping(path string, n ast.Node, v reflect.Value) {
	n = d.plain(n)
	if _, null := n.(*ast.NullNode); null {
		return // "extract:" with everything below commented out keeps the defaults
	}
	m, ok := n.(ast.MapNode)
	if !ok {
		d.fail(n, path, "has fields of its own: indent them below it")
		return
	}
	fields := map[string]reflect.Value{}
	var names []string
	for i := range v.NumField() {
		if name := v.Type().Field(i).Tag.Get("yaml"); name != "-" {
			fields[name] = v.Field(i)
			names = append(names, name)
		}
	}
	seen := map[string]bool{}
	for it := m.MapRange(); it.Next(); {
		key := it.Key().GetToken().Value
		at := strings.TrimPrefix(path+"."+key, ".")
		target, ok := fields[key]
		switch {
		case !ok:
			d.fail(it.Key(), at, "is not a field of the configuration%s", didYouMean(key, names))
		case seen[key]:
			d.fail(it.Key(), at, "is given twice")
		default:
			seen[key] = true
			d.value(at, it.Value(), target)
		}
	}
}

func (d *decoder) value(path string, n ast.Node, v reflect.Value) {
	n = d.plain(n)
	switch {
	case v.Kind() == reflect.Struct:
		d.mapping(path, n, v)
	case v.Kind() == reflect.Slice:
		d.sequence(path, n, v)
	default:
		d.scalar(path, n, v)
	}
}

func (d *decoder) sequence(path string, n ast.Node, v reflect.Value) {
	if _, null := n.(*ast.NullNode); null {
		return
	}
	list, ok := n.(*ast.SequenceNode)
	if word, isWord := n.(*ast.StringNode); isWord && takesWord(v, word.Value) {
		return
	}
	if !ok {
		d.fail(n, path, "is a list: write one item a line, each after a dash")
		return
	}
	items := reflect.MakeSlice(v.Type(), len(list.Values), len(list.Values))
	for i, item := range list.Values {
		d.value(fmt.Sprintf("%s[%d]", path, i), item, items.Index(i))
	}
	v.Set(items)
}

// takesWord lets a list be given as a word that stands for one; false where it knows no such word.
func takesWord(list reflect.Value, word string) bool {
	w, ok := list.Addr().Interface().(interface{ setWord(string) bool })
	return ok && w.setWord(word)
}

func (d *decoder) scalar(path string, n ast.Node, v reflect.Value) {
	var text string
	switch s := n.(type) {
	case *ast.NullNode:
		return
	case *ast.StringNode:
		text = s.Value
	case *ast.LiteralNode:
		text = s.Value.Value
	case ast.ScalarNode:
		text = s.GetToken().Value
	default:
		d.fail(n, path, "takes one value, not a list or a group")
		return
	}
	if err := setScalar(field{path: path, value: v}, text); err != nil {
		var fe *FieldError
		if errors.As(err, &fe) {
			d.fail(n, path, "%s", fe.Message)
			return
		}
		d.fail(n, path, "%s", err)
	}
}

// setStructs reads a list of structs from YAML text (an override or a variable).
func setStructs(f field, text string) error {
	file, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		return &FieldError{f.path, "takes a YAML list: " + yamlError("value", err).Error()}
	}
	d := decoder{file: "value", anchors: map[string]ast.Node{}}
	fresh := reflect.New(f.value.Type()).Elem()
	for _, doc := range file.Docs {
		if doc.Body != nil {
			d.value(f.path, doc.Body, fresh)
		}
	}
	if len(d.errs) > 0 {
		return errors.Join(d.errs...)
	}
	f.value.Set(fresh)
	return nil
}
