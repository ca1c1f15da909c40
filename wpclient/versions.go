package wpclient

import (
	"strconv"
	"strings"
)

// Understand tells whether an agent and a plugin of these versions are meant for each other: before 1.0 those of the same minor version,
// from then on those of the same major one. known is false where one of them is no version, as that of a build from nowhere.
func Understand(agent, plugin string) (known, fit bool) {
	a, okA := release(agent)
	p, okP := release(plugin)
	if !okA || !okP {
		return false, false
	}
	if a[0] == 0 || p[0] == 0 {
		return true, a == p
	}
	return true, a[0] == p[0]
}

// release reads the major and the minor number of a version.
func release(version string) (out [2]int, ok bool) {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 3 {
		return out, false
	}
	for i := range out {
		n, err := strconv.Atoi(parts[i])
		if err != nil || n < 0 {
			return out, false
		}
		out[i] = n
	}
	return out, true
}
