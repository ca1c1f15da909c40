package mupdf

import (
	"fmt"
	"os"
	"testing"
)

func TestDump(t *testing.T) {
	p := os.Getenv("DUMP")
	if p == "" {
		t.Skip()
	}
	d, err := Open(p)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	fmt.Println(d.Pages())
	fmt.Println(d.Meta())
	data, box, err := d.linesJSON(0)
	fmt.Println(box, err)
	fmt.Println(string(data[:min(len(data), 3000)]))
	_, err = d.Lines(0)
	fmt.Println(err)
	g, err := d.Gray(0, 100, 1e8)
	fmt.Println(err)
	if err == nil {
		fmt.Println(g.Rect)
	}
}
