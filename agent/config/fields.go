package config

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// field is one settable leaf of Config.
type field struct {
	path  string // "summary.api_key"
	value reflect.Value
}

// env is the variable that sets the field.
func (f field) env() string {
	return "AIDOC_" + strings.ToUpper(strings.ReplaceAll(f.path, ".", "_"))
}

// leaves lists all fields of c in the order of the struct.
func (c *Config) leaves() []field { return leavesOf("", reflect.ValueOf(c).Elem()) }

func leavesOf(prefix string, v reflect.Value) []field {
	var out []field
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("yaml")
		if name == "-" || !v.Type().Field(i).IsExported() {
			continue
		}
		f := field{path: prefix + name, value: v.Field(i)}
		if f.value.Kind() == reflect.Struct {
			out = append(out, leavesOf(f.path+".", f.value)...)
			continue
		}
		out = append(out, f)
	}
	return out
}

// Set gives one field a value as text, as flags and the environment do. Lists are separated by
// commas; sites and schedule.windows take YAML.
func (c *Config) Set(path, value string) error {
	for _, f := range c.leaves() {
		if f.path == path {
			return setText(f, value)
		}
	}
	var known []string
	for _, f := range c.leaves() {
		known = append(known, f.path)
	}
	return &FieldError{path, "is not a field of the configuration" + didYouMean(path, known)}
}

func setText(f field, text string) error {
	if f.value.Kind() != reflect.Slice {
		return setScalar(f, text)
	}
	if f.value.Type().Elem().Kind() == reflect.Struct {
		return setStructs(f, text)
	}
	items := reflect.MakeSlice(f.value.Type(), 0, 4)
	for _, part := range strings.Split(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			items = reflect.Append(items, reflect.ValueOf(part).Convert(f.value.Type().Elem()))
		}
	}
	f.value.Set(items)
	return nil
}

// setScalar converts text to the field's type.
func setScalar(f field, text string) error {
	if u, ok := f.value.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if err := u.UnmarshalText([]byte(text)); err != nil {
			return &FieldError{f.path, err.Error()}
		}
		return nil
	}
	switch f.value.Kind() {
	case reflect.String:
		f.value.SetString(text)
	case reflect.Bool:
		b, ok := parseBool(text)
		if !ok {
			return &FieldError{f.path, fmt.Sprintf("%q is neither true nor false", text)}
		}
		f.value.SetBool(b)
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return &FieldError{f.path, fmt.Sprintf("%q is not a whole number", text)}
		}
		f.value.SetInt(n)
	case reflect.Float64:
		n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil || n != n {
			return &FieldError{f.path, fmt.Sprintf("%q is not a number", text)}
		}
		f.value.SetFloat(n)
	default:
		return &FieldError{f.path, "takes no single value"}
	}
	return nil
}

func parseBool(text string) (value, ok bool) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "yes", "on", "1":
		return true, true
	case "false", "no", "off", "0":
		return false, true
	}
	return false, false
}

// didYouMean names the closest known word, if one is close.
func didYouMean(word string, known []string) string {
	if best := closest(word, known); best != "" {
		return fmt.Sprintf(": did you mean %s?", best)
	}
	return ""
}

// closest is the known word that word is a slip of, or "".
func closest(word string, known []string) string {
	best, at := "", max(len(word)/3, 2)+1
	for _, k := range known {
		if d := distance(word, k); d < at {
			best, at = k, d
		}
	}
	return best
}

// distance is the Levenshtein distance in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for i := range row {
		row[i] = i
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next := slices.Min([]int{row[j] + 1, row[j-1] + 1, diagonal + cost})
			diagonal, row[j] = row[j], next
		}
	}
	return row[len(b)]
}

// Changed lists the fields that two configurations do not have in common, in the order of the struct.
func Changed(a, b *Config) (fields []string) {
	other := b.leaves()
	for i, f := range a.leaves() {
		if !reflect.DeepEqual(f.value.Interface(), other[i].value.Interface()) {
			fields = append(fields, f.path)
		}
	}
	return fields
}
