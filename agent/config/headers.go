package config

import (
	"strings"

	"golang.org/x/net/http/httpguts"
)

// Header reads s as "Name: value".
func (s Secret) Header() (name, value string, ok bool) {
	name, value, ok = strings.Cut(s.Reveal(), ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	return name, value, ok && httpguts.ValidHeaderFieldName(name) && httpguts.ValidHeaderFieldValue(value)
}

// HeaderMap are the headers by name; Validate has looked at each.
func (s Summary) HeaderMap() map[string]string {
	m := make(map[string]string, len(s.Headers))
	for _, h := range s.Headers {
		if name, value, ok := h.Header(); ok {
			m[name] = value
		}
	}
	return m
}
