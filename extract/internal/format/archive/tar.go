package archive

import (
	"archive/tar"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
)

const (
	tarBlock    = 512
	tarSumAt    = 148
	tarSumBytes = 8
)

// isTar says that a block is the header of a file in a tar archive: its sum is right.
func isTar(head []byte) bool {
	if len(head) < tarBlock {
		return false
	}
	noted, err := strconv.ParseUint(strings.Trim(string(head[tarSumAt:tarSumAt+tarSumBytes]), " \x00"), 8, 32)
	if err != nil || noted == 0 {
		return false
	}
	sum := uint64(tarSumBytes * ' ')
	for i, b := range head[:tarBlock] {
		if i < tarSumAt || i >= tarSumAt+tarSumBytes {
			sum += uint64(b)
		}
	}
	return sum == noted
}

// readTar reads the regular files of a tar archive; links lead out of it, and devices hold nothing.
func readTar(c *flow.Inside, r io.Reader, budget int64) error {
	t := tar.NewReader(&metered{r, budget})
	for {
		h, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !errors.Is(err, tar.ErrInsecurePath):
			return err
		case h.Typeflag == tar.TypeReg && !hidden(h.Name):
			c.Add(h.Name, func() (io.ReadCloser, error) { return io.NopCloser(t), nil })
		}
	}
}
