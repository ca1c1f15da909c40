package zipx

import (
	"strconv"
	"strings"
)

// Atoi is the integer in an attribute, def where it is none.
func Atoi(s string, def int) int {
	if v, err := strconv.Atoi(strings.TrimSpace(s)); err == nil {
		return v
	}
	return def
}
