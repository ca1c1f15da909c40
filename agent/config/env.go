package config

import (
	"errors"
	"slices"
	"strings"
)

// notFields are AIDOC_ variables with another meaning.
var notFields = []string{"AIDOC_CONFIG", "AIDOC_JOIN_TOKEN", "AIDOC_VERSITYGW"}

// applyEnvironment sets every field whose variable is present (empty values too: they clear).
func (c *Config) applyEnvironment(env map[string]string) error {
	known := map[string]bool{}
	var names []string
	for _, f := range c.leaves() {
		known[f.env()] = true
		names = append(names, f.env())
		text, ok := env[f.env()]
		if !ok {
			continue
		}
		if err := setText(f, text); err != nil {
			return asVariable(f.env(), err)
		}
		c.note(f.path, "variable "+f.env())
	}
	for name := range env {
		if !strings.HasPrefix(name, "AIDOC_") || known[name] || slices.Contains(notFields, name) || strings.HasPrefix(name, "AIDOC_TEST_") {
			continue
		}
		c.Warnings = append(c.Warnings, unknownVariable(name, names))
	}
	slices.SortFunc(c.Warnings, func(a, b Warning) int { return strings.Compare(a.Text, b.Text) })
	return nil
}

func asVariable(name string, err error) error {
	var fe *FieldError
	if errors.As(err, &fe) {
		return &FieldError{fe.Field, fe.Message + " (from the variable " + name + ")"}
	}
	return err
}
