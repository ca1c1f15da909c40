package archive

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/nwaples/rardecode/v2"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// maxDictionary bounds what an archive may have set aside for its unpacking: what WinRAR uses unless told otherwise.
const maxDictionary = 64 << 20

// readRAR reads the files of a rar archive. In a solid one each is unpacked to reach the next, those that are left out too, so
// the whole is metered.
func readRAR(c *flow.Inside, f *os.File, budget int64) error {
	z, err := rardecode.NewReader(f, rardecode.MaxDictionarySize(maxDictionary))
	if err != nil {
		return rarError(err)
	}
	m := rarFiles{&metered{z, budget}}
	for {
		h, err := z.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return rarError(err)
		case h.Mode().IsRegular() && h.LinkType == 0 && !hidden(h.Name):
			c.Add(h.Name, func() (io.ReadCloser, error) { return io.NopCloser(m), nil })
		}
	}
}

// rarFiles reads the file of the archive at which it stands.
type rarFiles struct{ io.Reader }

func (f rarFiles) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = rarError(err)
	}
	return n, err
}

// rarError tells a missing password, another volume and a bound from damage.
func rarError(err error) error {
	switch {
	case errors.Is(err, rardecode.ErrArchiveEncrypted), errors.Is(err, rardecode.ErrArchivedFileEncrypted), errors.Is(err, rardecode.ErrBadPassword):
		return fmt.Errorf("%w: %w", zipx.ErrLocked, err)
	case errors.Is(err, rardecode.ErrUnknownDecoder), errors.Is(err, rardecode.ErrUnsupportedDecoder):
		return fmt.Errorf("%w: %w", zip.ErrAlgorithm, err)
	case errors.Is(err, rardecode.ErrDictionaryTooLarge):
		return fmt.Errorf("%w: %w", zipx.ErrBudget, err)
	case errors.Is(err, rardecode.ErrMultiVolume), errors.Is(err, rardecode.ErrFileNameRequired), errors.Is(err, rardecode.ErrBadVolumeNumber):
		return doc.Failf(doc.CodeUnsupportedType, err, "The file is one volume of a RAR archive; unpack all volumes and upload the documents in them.")
	}
	return err
}
