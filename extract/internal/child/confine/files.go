package confine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/landlock-lsm/go-landlock/landlock"
)

// restrictFiles leaves the process only the files and folders it works with.
func restrictFiles(policy Policy, abi int) error {
	if abi < 1 {
		return errors.New("the kernel has no landlock")
	}
	rules := []landlock.Rule{landlock.RWFiles("/dev/null").IgnoreIfMissing()}
	for _, p := range policy.ReadOnly {
		if real, err := filepath.EvalSymlinks(p); err == nil {
			p = real
		}
		if st, err := os.Stat(p); err != nil {
			continue
		} else if st.IsDir() {
			rules = append(rules, landlock.RODirs(p))
		} else {
			rules = append(rules, landlock.ROFiles(p))
		}
	}
	for _, p := range policy.ReadWrite {
		rules = append(rules, landlock.RWDirs(p))
	}
	if err := landlock.V11.BestEffort().Restrict(rules...); err != nil {
		return fmt.Errorf("restrict files: %w", err)
	}
	return nil
}
