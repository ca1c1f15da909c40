package pool

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
)

// maxLeftovers is how many emptied files of earlier documents a child may have.
const maxLeftovers = 100

// reset takes the document from the child: closed there, gone from its folder, the scratch folder emptied, and the child
// suspended. An error means that the child must be ended.
func (k *child) reset() error {
	if k.open != nil {
		if err := k.closeDoc(); err != nil {
			return err
		}
	}
	if err := k.suspend(); err != nil {
		return err
	}
	if err := k.checkIdle(); err != nil {
		return err
	}
	if why := k.overLimit(); why != "" {
		return fmt.Errorf("%w: %s", errUnsolicited, why)
	}
	return truncateAll(filepath.Join(k.dir, wire.ScratchDir))
}

func (k *child) closeDoc() error {
	f, err := k.request(context.Background(), wire.TClose, wire.Close{Seq: k.openSeq}, k.cfg.closeTimeout, 0, nil)
	if err != nil {
		return fmt.Errorf("close: %w", err)
	}
	var m wire.Close
	if f.Type != wire.TClosed || f.Decode(&m) != nil || m.Seq != k.openSeq {
		return fmt.Errorf("close: %w", errProtocol)
	}
	err = os.Remove(k.inputPath(k.open.id))
	k.open = nil
	return err
}

// checkIdle says that the child did nothing since its last request.
func (k *child) checkIdle() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if why := k.unsolicited(); why != "" {
		return fmt.Errorf("%w: %s", errUnsolicited, why)
	}
	return nil
}

// truncateAll empties what the last document left in the scratch folder. The files stay: one whose name is gone while the child
// has it open could grow and would not be counted.
func truncateAll(dir string) error {
	left := 0
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("empty the scratch folder: %w", err)
		case path == dir:
			return nil
		case d.Type().IsRegular():
			if err := truncateFile(path); err != nil {
				return err
			}
		}
		if left++; left > maxLeftovers {
			return fmt.Errorf("%w: it left more than %d files", errUnsolicited, maxLeftovers)
		}
		return nil
	})
}

// truncateFile empties a file, unless it has another name: where there is no sandbox, that could be the document's own.
func truncateFile(path string) error {
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err != nil {
		return fmt.Errorf("empty the scratch folder: %w", err)
	}
	if st.Nlink > 1 {
		return fmt.Errorf("%w: it gave a file two names", errUnsolicited)
	}
	if err := os.Truncate(path, 0); err != nil {
		return fmt.Errorf("empty the scratch folder: %w", err)
	}
	return nil
}
