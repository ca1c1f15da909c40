package raster

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"io"
)

// mended gives what is left of a damaged or cut off picture as a whole one of as many rows as there are, nil where there is nothing to
// mend: viewers show it, the common decoders refuse it.
func mended(format string, data []byte, maxPixels int) []byte {
	switch format {
	case "png":
		return mendPNG(data, maxPixels)
	case "gif":
		return mendGIF(data, maxPixels)
	}
	return nil
}

const pngSignature = "\x89PNG\r\n\x1a\n"

// pngParts are the chunks of a PNG that its first picture is made of, whatever their check sums say.
type pngParts struct {
	header []byte
	others [][2][]byte // name and data of palette, transparency, resolution, orientation
	idat   []io.Reader
}

// mendPNG keeps the rows that can be unpacked. Of interlaced pictures only the check sums are mended: what they lose is everywhere.
func mendPNG(data []byte, maxPixels int) []byte {
	p := pngChunks(data)
	if p == nil {
		return nil
	}
	be := binary.BigEndian
	w, h := int64(be.Uint32(p.header)), int64(be.Uint32(p.header[4:]))
	row := pngRow(p.header, w)
	if w <= 0 || h <= 0 || row == 0 || w > int64(maxPixels)/h {
		return nil
	}
	if p.header[12] != 0 {
		packed, _ := io.ReadAll(io.MultiReader(p.idat...))
		return p.file(packed)
	}
	// Once to see how many rows there are, once to pack them again: they need not be in memory at once.
	rows := p.rows(row, h)
	if rows == 0 {
		return nil
	}
	var packed bytes.Buffer
	z, _ := zlib.NewWriterLevel(&packed, zlib.BestSpeed)
	if _, err := io.CopyN(z, p.unpacked(), rows*row); err != nil || z.Close() != nil {
		return nil
	}
	be.PutUint32(p.header[4:], uint32(rows))
	return p.file(packed.Bytes())
}

// file writes the parts as a whole picture.
func (p *pngParts) file(packed []byte) []byte {
	out := pngChunk([]byte(pngSignature), "IHDR", p.header)
	for _, c := range p.others {
		out = pngChunk(out, string(c[0]), c[1])
	}
	return pngChunk(pngChunk(out, "IDAT", packed), "IEND", nil)
}

// pngChunks collects them up to the end, or to where a length leads out of the file: of that chunk, what is there.
func pngChunks(data []byte) *pngParts {
	var p pngParts
	d, ok := bytes.CutPrefix(data, []byte(pngSignature))
	for ok && len(d) > 8 {
		n, name := int64(binary.BigEndian.Uint32(d)), d[4:8]
		body := d[8:min(int64(len(d)), 8+n)]
		switch string(name) {
		case "IHDR":
			if len(body) != 13 || p.header != nil {
				return nil
			}
			p.header = bytes.Clone(body)
		case "PLTE", "tRNS", "pHYs", "eXIf":
			p.others = append(p.others, [2][]byte{name, body})
		case "IDAT":
			p.idat = append(p.idat, bytes.NewReader(body))
		case "IEND":
			d = nil
		}
		d = d[min(int64(len(d)), 12+n):]
	}
	if p.header == nil || len(p.idat) == 0 {
		return nil
	}
	return &p
}

// rows counts those that can be unpacked and begin with a filter that there is.
func (p *pngParts) rows(row, most int64) (n int64) {
	const filters = 5
	r, b := bufio.NewReader(p.unpacked()), [1]byte{}
	for n < most {
		if _, err := io.ReadFull(r, b[:]); err != nil || b[0] >= filters {
			break
		}
		if got, _ := io.CopyN(io.Discard, r, row-1); got < row-1 {
			break
		}
		n++
	}
	return n
}

// unpacked gives the pixels as they are stored, as far as they can be unpacked.
func (p *pngParts) unpacked() io.Reader {
	for _, r := range p.idat {
		_, _ = r.(*bytes.Reader).Seek(0, io.SeekStart)
	}
	z, err := zlib.NewReader(io.MultiReader(p.idat...))
	if err != nil {
		return bytes.NewReader(nil)
	}
	return z
}

// pngRow is how many bytes a row of w pixels has, the one for its filter included; 0 for kinds of pixels that there are not.
func pngRow(header []byte, w int64) int64 {
	depth, samples := int64(header[8]), map[byte]int64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[header[9]]
	if samples == 0 || depth == 0 || depth > 16 {
		return 0
	}
	return 1 + (w*depth*samples+7)/8
}

func pngChunk(out []byte, name string, body []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
	from := len(out)
	out = append(append(out, name...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
}
