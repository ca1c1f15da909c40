package raster

import (
	"image"

	"golang.org/x/image/tiff"
)

// Tags of a page in tiles.
const (
	tagWidth, tagTileHeight, tagTileOffsets, tagTileCounts = 256, 323, 324, 325
	// leastTile is the side below which a tile is none of a picture for people, and decoding them one by one would take long.
	leastTile = 8
)

// leftTiles gives the first rows of page i, which is in tiles, as far as there is any tile to be decoded; where one is missing it is white. nil
// where there are none, and for planes.
func (t *TIFF) leftTiles(i, width, height int) *image.Gray {
	off := t.dirs[i]
	n, _, _ := t.dir(off)
	across, _ := t.value(off, n, tagTileWidth)
	down, _ := t.value(off, n, tagTileHeight)
	planes, split := t.value(off, n, tagPlanar)
	if across < leastTile || down < leastTile || int64(across) > int64(width)+16 || int64(down) > int64(height)+16 || split && planes != 1 {
		return nil
	}
	w, h := int(across), int(down)
	at, size := t.list(off, n, tagTileOffsets), t.list(off, n, tagTileCounts)
	columns := (width + w - 1) / w
	if len(at) != len(size) || len(at) < columns*((height+h-1)/h) {
		return nil
	}
	g, rows := NewGray(image.Rect(0, 0, width, height)), 0
	for p := range g.Pix {
		g.Pix[p] = 255
	}
	for k := range columns * ((height + h - 1) / h) {
		x, y := k%columns*w, k/columns*h
		if int64(at[k])+int64(size[k]) > int64(len(t.data)) || size[k] == 0 {
			continue
		}
		m, err := tiff.Decode(t.tileView(off, n, w, h, at[k], size[k]))
		if err != nil {
			continue
		}
		tile := toGray(m)
		if tile.Rect.Dx() != w || tile.Rect.Dy() != h {
			continue
		}
		rows = min(height, y+h)
		for r := range rows - y {
			copy(g.Pix[(y+r)*g.Stride+x:][:min(w, width-x)], tile.Pix[r*tile.Stride:])
		}
	}
	if rows == 0 {
		return nil
	}
	return &image.Gray{Pix: g.Pix[:rows*g.Stride], Stride: g.Stride, Rect: image.Rect(0, 0, width, rows)}
}

// tileView is the file with a directory behind its end that tells of one tile only.
func (t *TIFF) tileView(off uint32, n, w, h int, at, size uint32) *tiffView {
	set := map[uint16]uint32{tagWidth: uint32(w), tagHeight: uint32(h), tagTileOffsets: at, tagTileCounts: size}
	return t.changed(off, n, nil, func(tag uint16, _ uint32) (uint32, bool) {
		v, ok := set[tag]
		return v, ok
	})
}
