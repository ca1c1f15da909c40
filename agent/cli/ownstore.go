package cli

import (
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
)

// ownStore tells whether the store is a folder within the data folder, which no two agents have. A link that leads out of it, or a volume that is
// mounted there, may be shared, and so may be what cannot be told.
func ownStore(cfg *config.Config) bool {
	if cfg.Store.Kind != config.StoreDir {
		return false
	}
	data, err := filepath.EvalSymlinks(cfg.DataDir)
	if err != nil {
		return false
	}
	store, err := filepath.EvalSymlinks(cfg.Store.Dir.Path)
	if err != nil {
		return false
	}
	if rel, err := filepath.Rel(data, store); err != nil || rel == "." || rel == ".." || strings.HasPrefix(rel, "../") {
		return false
	}
	mount, ok := mountOf(data)
	same, okToo := mountOf(store)
	return ok && okToo && mount == same
}

// mountOf is the number of the mount that a folder is on; kernels before 5.8 do not tell.
func mountOf(path string) (uint64, bool) {
	var stat unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, path, 0, unix.STATX_MNT_ID, &stat)
	return stat.Mnt_id, err == nil && stat.Mask&unix.STATX_MNT_ID != 0
}
