package pool

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// replaceable says who could put another program at path, which is absolute and without links, but those who could give the agent another program
// as well: root, the user it runs as, and the owner of its program. nil when nobody could.
func replaceable(path, agent string) error {
	trusted := []uint32{0, uint32(os.Geteuid())}
	if st, err := os.Stat(agent); err == nil {
		trusted = append(trusted, owner(st).Uid)
	}
	for at := path; ; at = filepath.Dir(at) {
		st, err := os.Lstat(at)
		if err != nil {
			return fmt.Errorf("%s cannot be looked at: %w", at, err)
		}
		o, mode := owner(st), st.Mode()
		if !slices.Contains(trusted, o.Uid) {
			return fmt.Errorf("%s, which holds the program of the readers, belongs to user %d: give it to root, or install into a folder of root's", at, o.Uid)
		}
		others := mode.Perm()&0o002 != 0
		if mode.Perm()&0o020 != 0 && o.Gid != 0 && o.Gid != o.Uid { // a group of the number of its user is that user's alone
			others = true
		}
		// In a folder like /tmp nobody replaces what is another's; the program itself must not lie in one, where anybody could have been first.
		sticky := mode&fs.ModeSticky != 0 && at != path && at != filepath.Dir(path)
		if others && !sticky {
			return fmt.Errorf("others may write to %s, which holds the program of the readers: take that right from them (chmod go-w), or install into a folder of root's", at)
		}
		if at == filepath.Dir(at) {
			return nil
		}
	}
}

func owner(st fs.FileInfo) *syscall.Stat_t { return st.Sys().(*syscall.Stat_t) }
