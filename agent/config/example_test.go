package config

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

const examplePath = "../../configs/agent.example.yaml"

func example(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile(examplePath)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// uncommented turns the commented-out samples of the example ("# sites:", "# windows:") into YAML.
func uncommented(data []byte) []byte {
	sample := regexp.MustCompile(`(?m)^( *)# ((?:sites:|windows:|profiles:|models:|  - |    \w+:).*)$`)
	text := sample.ReplaceAllString(string(data), "$1$2")
	text = strings.Replace(text, "sites: []\n", "", 1)
	text = strings.Replace(text, "models: []\n", "", 1)
	text = strings.Replace(text, "\n  windows: []\n", "\n", 1)
	text = strings.Replace(text, "  profiles: []\n", "", 1)
	return []byte(text)
}

func TestExampleIsTheDefaults(t *testing.T) {
	got := Default()
	zero(reflect.ValueOf(got).Elem()) // so that a field the example leaves out shows
	if err := got.Parse("agent.example.yaml", example(t)); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, f := range Default().leaves() {
		want[f.path] = show(f.value)
	}
	for _, f := range got.leaves() {
		if have := show(f.value); have != want[f.path] {
			t.Errorf("%s: the example says %s, the default is %s", f.path, have, want[f.path])
		}
	}
}

// zero gives every field a value that no default has.
func zero(v reflect.Value) {
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("yaml") == "-" {
			continue
		}
		switch f := v.Field(i); f.Kind() {
		case reflect.Struct:
			zero(f)
		case reflect.String:
			f.SetString("unset")
		case reflect.Int, reflect.Int64:
			f.SetInt(-1)
		case reflect.Float64:
			f.SetFloat(-1)
		}
	}
}

// show prints a value for comparison, secrets too.
func show(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Slice:
		if v.Len() == 0 {
			return "[]"
		}
	case reflect.String:
		return "\"" + v.String() + "\""
	}
	return fmt.Sprint(v.Interface())
}

// Every field of every struct stands in the example, the ones of list items in its samples.
func TestExampleNamesEveryField(t *testing.T) {
	text := uncommented(example(t))
	cfg := Default()
	if err := cfg.Parse("samples", text); err != nil {
		t.Fatalf("the samples in the example do not parse: %v", err)
	}
	if len(cfg.Sites) != 1 || len(cfg.Schedule.Windows) != 2 || len(cfg.Summary.Profiles) != 1 || len(cfg.Models) != 1 {
		t.Fatalf("the samples were not found: %d sites, %d windows, %d profiles, %d models", len(cfg.Sites), len(cfg.Schedule.Windows), len(cfg.Summary.Profiles), len(cfg.Models))
	}
	if _, err := cfg.Schedule.Compile(); err != nil {
		t.Errorf("the sample windows are refused: %v", err)
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[Config](), reflect.TypeFor[Site](), reflect.TypeFor[Window](), reflect.TypeFor[Profile](), reflect.TypeFor[Model]()} {
		eachField(typ, func(name string) {
			if !regexp.MustCompile(`(?m)^[ -]*` + name + `:`).Match(text) {
				t.Errorf("%s.%s is not in the example", typ.Name(), name)
			}
		})
	}
}

func eachField(t reflect.Type, visit func(name string)) {
	for i := range t.NumField() {
		name := t.Field(i).Tag.Get("yaml")
		if name == "-" {
			continue
		}
		visit(name)
		if f := t.Field(i).Type; f.Kind() == reflect.Struct {
			eachField(f, visit)
		}
	}
}

// Every key of the example has a comment above or beside it.
func TestExampleExplainsEveryField(t *testing.T) {
	lines := strings.Split(string(example(t)), "\n")
	key := regexp.MustCompile(`^ +\w+: *[^ ]`)
	explained := false
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(trimmed, "#"):
			explained = true
		case trimmed == "":
			explained = false
		case key.MatchString(line) && !explained:
			t.Errorf("line %d has no comment: %s", i+1, trimmed)
		}
	}
}

func TestVariablesAreUnique(t *testing.T) {
	seen := map[string]string{}
	for _, f := range Default().leaves() {
		if other, ok := seen[f.env()]; ok {
			t.Errorf("%s and %s share the variable %s", other, f.path, f.env())
		}
		seen[f.env()] = f.path
	}
	if len(seen) < 50 {
		t.Errorf("only %d fields found", len(seen))
	}
}
