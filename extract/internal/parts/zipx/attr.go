package zipx

import (
	"strconv"
	"strings"
)

func Atoi(s string, def int) int {
	if v, err := strconv.Atoi(strings.TrimSpace(s)); err == nil {
		return v
	}
	return def
}
