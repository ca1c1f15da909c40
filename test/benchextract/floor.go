package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"image/png"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/otiai10/gosseract/v2"
)

// floorCommand is the argument under which this program is the floor's process.
const floorCommand = "floor"

// floor is what recognition alone costs: one tesseract engine with one thread in one process that
// lives on, its model loaded and the picture decoded before the clock starts.
type floor struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

func startFloor(ctx context.Context) (*floor, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	f := &floor{cmd: exec.CommandContext(ctx, self, floorCommand)}
	f.cmd.Env, f.cmd.Stderr = oneThread(), os.Stderr
	if f.in, err = f.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := f.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	f.out = bufio.NewScanner(out)
	return f, f.cmd.Start()
}

// read has one picture recognised.
func (f *floor) read(in, out string) (cost, error) {
	if _, err := fmt.Fprintf(f.in, "%s\t%s\n", in, out); err != nil {
		return cost{}, fmt.Errorf("ask the floor: %w", err)
	}
	if !f.out.Scan() {
		return cost{}, fmt.Errorf("the floor ended: %w", f.cmd.Wait())
	}
	var cpu, wall, rss int64
	if _, err := fmt.Sscan(f.out.Text(), &cpu, &wall, &rss); err != nil {
		return cost{}, fmt.Errorf("the floor said %q: %w", f.out.Text(), err)
	}
	return cost{cpu: time.Duration(cpu), wall: time.Duration(wall), largest: rss, together: rss}, nil
}

func (f *floor) stop() {
	_ = f.in.Close()
	_ = f.cmd.Wait()
}

// serveFloor answers "picture<TAB>text file" with nanoseconds of processor, of the clock, and KiB.
func serveFloor(in io.Reader, out io.Writer) error {
	c := gosseract.NewClient()
	defer c.Close()
	// Tesseract's own segmentation; the library's default would take the page for one block.
	for key, value := range map[gosseract.SettableVariable]string{"tessedit_pageseg_mode": "3", "debug_file": os.DevNull} {
		if err := c.SetVariable(key, value); err != nil {
			return err
		}
	}
	if err := warm(c); err != nil {
		return err
	}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		picture, text, _ := strings.Cut(lines.Text(), "\t")
		spent, err := recognise(c, picture, text)
		if err != nil {
			return fmt.Errorf("%s: %w", picture, err)
		}
		fmt.Fprintln(out, spent.cpu.Nanoseconds(), spent.wall.Nanoseconds(), spent.largest)
	}
	return nil
}

// warm reads an empty picture, by which the model is loaded.
func warm(c *gosseract.Client) error {
	var b bytes.Buffer
	if err := png.Encode(&b, remap(64, 64, func(int, int) byte { return paper })); err != nil {
		return err
	}
	if err := c.SetImageFromBytes(b.Bytes()); err != nil {
		return err
	}
	_, err := c.Text()
	return err
}

func recognise(c *gosseract.Client, picture, text string) (cost, error) {
	if err := c.SetImage(picture); err != nil {
		return cost{}, err
	}
	before, start := usage(), time.Now()
	got, err := c.Text()
	if err != nil {
		return cost{}, err
	}
	after := usage()
	spent := cost{cpu: after.cpu - before.cpu, wall: time.Since(start), largest: after.largest}
	return spent, os.WriteFile(text, []byte(got), 0o644)
}

func usage() cost {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return cost{}
	}
	return cost{cpu: time.Duration(u.Utime.Nano() + u.Stime.Nano()), largest: u.Maxrss}
}
