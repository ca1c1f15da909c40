package zipx

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

var localHeader = []byte("PK\x03\x04")

// errNoParts says that a container holds no part that could be read without its directory.
var errNoParts = errors.New("no part found")

// maxRecovered bounds what is searched for headers.
const maxRecovered = 512 << 20

// recover finds parts by their local headers. The last one may be cut off; its reader then ends with
// io.ErrUnexpectedEOF after what is left of it.
func (f *File) recover(size int64) error {
	if size > maxRecovered {
		return fmt.Errorf("container of %d bytes without a directory: %w", size, ErrBudget)
	}
	data := make([]byte, size)
	n, err := f.f.ReadAt(data, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read container: %w", err)
	}
	data = data[:n]
	for at := 0; ; {
		i := bytes.Index(data[at:], localHeader)
		if i < 0 {
			break
		}
		at += i
		if len(f.names) >= maxParts {
			return fmt.Errorf("container of %d parts: %w", len(f.names), ErrBudget)
		}
		at += f.addLocal(data[at:])
	}
	if len(f.names) == 0 {
		return errNoParts
	}
	return nil
}

// byHeader finds a part by its own header in a container that has a directory.
func (f *File) byHeader(key string) func() (io.ReadCloser, error) {
	if f.f == nil {
		return nil
	}
	if f.recovered == nil {
		f.recovered = &File{f: f.f, byName: map[string]func() (io.ReadCloser, error){}}
		_ = f.recovered.recover(f.size)
	}
	return f.recovered.byName[key]
}

// addLocal adds the part whose header begins b and says how far to go on.
func (f *File) addLocal(b []byte) int {
	const head = 30
	if len(b) < head {
		return len(localHeader)
	}
	le := binary.LittleEndian
	flags, method := le.Uint16(b[6:]), le.Uint16(b[8:])
	packed := int64(le.Uint32(b[18:]))
	start := head + int(le.Uint16(b[26:])) + int(le.Uint16(b[28:]))
	if start > len(b) || flags&1 != 0 || method != 0 && method != 8 {
		return len(localHeader)
	}
	name := string(b[head : head+int(le.Uint16(b[26:]))])
	body := b[start:]
	step := start
	if flags&8 == 0 && packed <= int64(len(body)) {
		body = body[:packed]
		step += int(packed)
	} else if method == 0 {
		// A stored part of unknown length goes on to the next header.
		if i := bytes.Index(body, []byte("PK\x07\x08")); i >= 0 {
			body = body[:i]
		} else if i := bytes.Index(body, localHeader); i >= 0 {
			body = body[:i]
		}
	}
	if name != "" && name[len(name)-1] != '/' {
		f.add(name, func() (io.ReadCloser, error) {
			if method == 0 {
				return io.NopCloser(bytes.NewReader(body)), nil
			}
			return flate.NewReader(bytes.NewReader(body)), nil
		})
	}
	return step
}
