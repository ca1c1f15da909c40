package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Shown is one field as `config show` prints it: its value, never a secret, and where it comes from.
type Shown struct {
	Field string
	Value string // YAML on one line
	From  string
}

// Where a value may come from besides a file and a variable, which are named.
const (
	FromDefault = "default"
	FromFlag    = "flag"
	FromMachine = "this machine" // the number of CPUs, a usual variable, a file that holds the secret, the key files
)

// Show lists every field.
func (c *Config) Show() ([]Shown, error) {
	var out []Shown
	for _, f := range c.leaves() {
		text, err := yaml.MarshalWithOptions(f.value.Interface(), yaml.Flow(true))
		if err != nil {
			return nil, err
		}
		out = append(out, Shown{Field: f.path, Value: strings.TrimSpace(strings.ReplaceAll(string(text), "\n", " ")), From: c.origin(f.path)})
	}
	return out, nil
}

func (c *Config) origin(path string) string {
	if from := c.origins[path]; from != "" {
		return from
	}
	return FromDefault
}

// note remembers where a field was set last.
func (c *Config) note(path, from string) {
	if c.origins == nil {
		c.origins = map[string]string{}
	}
	c.origins[path] = from
}

// noteFile remembers every field that a file has, also one that it sets to its default.
func (c *Config) noteFile(name string, data []byte) {
	var tree map[string]any
	if yaml.Unmarshal(data, &tree) != nil {
		return // Parse has said why
	}
	for _, f := range c.leaves() {
		var at any = tree
		for _, key := range strings.Split(f.path, ".") {
			m, ok := at.(map[string]any)
			if !ok {
				at = nil
				break
			}
			at = m[key]
		}
		if at != nil {
			c.note(f.path, name)
		}
	}
}

// noteChanges remembers as from whatever do has changed.
func (c *Config) noteChanges(from string, do func() error) error {
	before := *c
	var was []any
	for _, f := range before.leaves() {
		was = append(was, f.value.Interface())
	}
	err := do()
	for i, f := range c.leaves() {
		if !reflect.DeepEqual(was[i], f.value.Interface()) {
			c.note(f.path, from)
		}
	}
	return err
}

// Lines is the field for people: on one line, and a list of things with fields (sites, models) as one line a field, without those that are not set.
func (s Shown) Lines() string {
	var items []yaml.MapSlice
	if !strings.HasPrefix(s.Value, "[{") || yaml.UnmarshalWithOptions([]byte(s.Value), &items, yaml.UseOrderedMap()) != nil {
		return s.Field + ": " + s.Value + "  # " + s.From
	}
	var b strings.Builder
	b.WriteString(s.Field + ":  # " + s.From)
	for _, item := range items {
		mark := "\n  - "
		for _, f := range item {
			value, err := yaml.MarshalWithOptions(f.Value, yaml.Flow(true))
			if err != nil || unset(f.Value) {
				continue
			}
			b.WriteString(mark + fmt.Sprint(f.Key) + ": " + strings.TrimSpace(strings.ReplaceAll(string(value), "\n", " ")))
			mark = "\n    "
		}
	}
	return b.String()
}

// unset tells whether a value is what a field has that nobody has set.
func unset(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case yaml.MapSlice:
		return !slices.ContainsFunc(v, func(f yaml.MapItem) bool { return !unset(f.Value) })
	case []any:
		return len(v) == 0
	}
	return reflect.ValueOf(v).IsZero()
}
