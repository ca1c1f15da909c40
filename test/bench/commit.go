package bench

import (
	"os/exec"
	"strings"
)

// Commit is what a working tree is measured as: the commit, and whether it was changed since.
func Commit(dir string) string {
	out, err := exec.Command("git", "-C", dir, "describe", "--always", "--dirty=, changed").Output()
	if err != nil {
		return "outside of git"
	}
	return strings.TrimSpace(string(out))
}
