package pdf

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// lostBytes is from what size on a file without a table of objects is looked through before MuPDF does: where no trailer says which objects the
// catalogue and the properties are, it reads every object and keeps it.
const lostBytes = 16 << 20

// openLost opens a large file without a table and a trailer as a copy whose end says where these two are; nil for any other file.
func openLost(path string) *mupdf.Document {
	in, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer in.Close()
	st, err := in.Stat()
	if err != nil || st.Size() < lostBytes || hasTable(in, st.Size()) {
		return nil
	}
	trailer := lostTrailer(io.NewSectionReader(in, 0, st.Size()))
	if trailer == "" {
		return nil
	}
	return openCopy(io.MultiReader(io.NewSectionReader(in, 0, st.Size()), strings.NewReader(trailer)))
}

var (
	startOfTable = pattern.Lazily(`startxref\s+(\d+)\s`)
	tableBegins  = pattern.Lazily(`^\s*(xref|\d+\s+\d+\s+obj)`)
	objectBegins = pattern.Lazily(`(\d+)\s+(\d+)\s+obj\b`)
)

// hasTable says that there is a table where the end of the file says.
func hasTable(in io.ReaderAt, size int64) bool {
	tail := make([]byte, 2048)
	n, _ := in.ReadAt(tail, max(0, size-int64(len(tail))))
	all := startOfTable.FindAllSubmatch(tail[:n], -1)
	if len(all) == 0 {
		return false
	}
	at, err := strconv.ParseInt(string(all[len(all)-1][1]), 10, 64)
	head := make([]byte, 64)
	if err != nil || at >= size {
		return false
	}
	n, _ = in.ReadAt(head, at)
	return tableBegins.Match(head[:n])
}

// lostTrailer is what the end of a file lacks, "" where it has a trailer or nothing can be said.
func lostTrailer(in io.Reader) string {
	const block, before = 1 << 20, 4 << 10 // bytes read at a time, and in which an object begins before its keys
	var root, info string
	buf := make([]byte, 0, block+before)
	for {
		n, err := io.ReadFull(in, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if bytes.Contains(buf, []byte("/Root")) {
			return ""
		}
		if r := objectWith(buf, "/Catalog"); r != "" {
			root = r // the last one holds
		}
		for _, key := range []string{"/Producer", "/Creator"} {
			if r := objectWith(buf, key); r != "" && info == "" {
				info = r
			}
		}
		if err != nil {
			break
		}
		buf = buf[:copy(buf, buf[len(buf)-before:])]
	}
	if root == "" {
		return ""
	}
	if info == "" {
		info = "<</Lost true>>" // or every object is read to find it
	}
	return fmt.Sprintf("\ntrailer\n<</Root %s/Info %s>>\n", root, info)
}

// objectWith is a reference to the last object in b that has a key or name; "" where there is none.
func objectWith(b []byte, name string) string {
	at := bytes.LastIndex(b, []byte(name))
	if at < 0 {
		return ""
	}
	all := objectBegins.FindAllSubmatch(b[max(0, at-4<<10):at], -1)
	if len(all) == 0 {
		return ""
	}
	last := all[len(all)-1]
	return fmt.Sprintf("%s %s R", last[1], last[2])
}
