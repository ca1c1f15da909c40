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
func (s Summary) HeaderMap() map[string]string { return headerMap(s.Headers) }

// HeaderMap are the headers by name; Validate has looked at each.
func (t Tracing) HeaderMap() map[string]string { return headerMap(t.Headers) }

func headerMap(headers []Secret) map[string]string {
	m := make(map[string]string, len(headers))
	for _, h := range headers {
		if name, value, ok := h.Header(); ok {
			m[name] = value
		}
	}
	return m
}
