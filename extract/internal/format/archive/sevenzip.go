package archive

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/bodgit/sevenzip"
	"github.com/ulikunitz/xz/lzma"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// maxDictionary bounds what an archive may have set aside for its unpacking: what 7-Zip and WinRAR use unless told otherwise.
const maxDictionary = 64 << 20

var errMethod = errors.New("compressed by a method that is not read")

// The library sets aside whatever memory an archive asks for, four gigabytes for a file of a hundred bytes. So its two usual methods are
// put together here under a bound, and those that nobody is seen to use are not read.
func init() {
	sevenzip.RegisterDecompressor([]byte{0x03, 0x01, 0x01}, unpackLZMA)
	sevenzip.RegisterDecompressor([]byte{0x21}, unpackLZMA2)
	refuse := func([]byte, uint64, []io.ReadCloser) (io.ReadCloser, error) { return nil, errMethod }
	for _, id := range [][]byte{{0x03, 0x04, 0x01}, {0x04, 0xf7, 0x11, 0x01}, {0x04, 0xf7, 0x11, 0x02}, {0x04, 0xf7, 0x11, 0x04}} { // PPMd, Zstandard, Brotli, LZ4
		sevenzip.RegisterDecompressor(id, refuse)
	}
}

// unpacker reads from a decompressor and closes what that reads from.
type unpacker struct {
	io.Reader
	io.Closer
}

// unpackLZMA needs a dictionary no longer than what comes out.
func unpackLZMA(props []byte, size uint64, in []io.ReadCloser) (io.ReadCloser, error) {
	if len(in) != 1 || len(props) != 5 {
		return nil, errMethod
	}
	dict := min(uint64(binary.LittleEndian.Uint32(props[1:])), max(size, lzma.MinDictCap))
	if dict > maxDictionary {
		return nil, zipx.ErrBudget
	}
	head := binary.LittleEndian.AppendUint32([]byte{props[0]}, uint32(dict))
	r, err := lzma.NewReader(io.MultiReader(bytes.NewReader(binary.LittleEndian.AppendUint64(head, size)), in[0]))
	if err != nil {
		return nil, fmt.Errorf("LZMA: %w", err)
	}
	return unpacker{r, in[0]}, nil
}

func unpackLZMA2(props []byte, size uint64, in []io.ReadCloser) (io.ReadCloser, error) {
	if len(in) != 1 || len(props) != 1 || props[0] > 40 {
		return nil, errMethod
	}
	dict := min(uint64(2|props[0]&1)<<(props[0]/2+11), max(size, lzma.MinDictCap))
	if dict > maxDictionary {
		return nil, zipx.ErrBudget
	}
	r, err := lzma.Reader2Config{DictCap: int(dict)}.NewReader2(in[0])
	if err != nil {
		return nil, fmt.Errorf("LZMA2: %w", err)
	}
	return unpacker{r, in[0]}, nil
}

func read7z(c *flow.Inside, f *os.File, _ int64) error {
	st, err := f.Stat()
	if err != nil {
		return err
	}
	z, err := sevenzip.NewReader(f, st.Size())
	if err != nil {
		return locked7z(err)
	}
	for _, m := range z.File {
		if m.FileInfo().IsDir() || !m.FileInfo().Mode().IsRegular() || hidden(m.Name) {
			continue
		}
		c.Add(m.Name, func() (io.ReadCloser, error) {
			r, err := m.Open()
			if err != nil {
				return nil, locked7z(err)
			}
			return unlocking{r}, nil
		})
	}
	return nil
}

// locked7z tells a missing password from damage.
func locked7z(err error) error {
	var e *sevenzip.ReadError
	if errors.As(err, &e) && e.Encrypted {
		return fmt.Errorf("%w: %w", zipx.ErrLocked, err)
	}
	return err
}

// unlocking is a file of a 7z archive: without the password its bytes are unpacked to an error.
type unlocking struct{ io.ReadCloser }

func (u unlocking) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = locked7z(err)
	}
	return n, err
}
