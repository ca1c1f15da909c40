// Package worker is the child's side: it confines itself, then reads files for the agent over
// standard input and output until either closes.
package worker

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/confine"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/ocr"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

// Exit codes of the child, for the log only.
const (
	exitOK = iota
	exitUsage
	exitProtocol
)

// heapBytes is from what size of the heap on garbage is collected at once rather than left until there is as much of it as of what is used:
// with the libraries, which the collector knows nothing of, a child then stays below 256 MiB.
const heapBytes = 128 << 20

// workProcs is how many threads run Go at a time once documents are read: one that reads, and one that collects its garbage.
const workProcs = 2

// lifeCPU is the processor time after which a child ends whatever its parent allows.
const lifeCPU = 6 * time.Hour

type child struct {
	in     io.Reader
	out    io.Writer
	dir    string
	langs  []string
	engine *tesseract.Engine
	reader *ocr.Reader // of src
	src    doc.Source
	seq    uint64
	asked  *wire.Page // the page that is being read, nil when none is or its slowness is known
}

// Main runs the child and returns its exit code.
func Main() int {
	dir := os.Getenv(wire.EnvDir)
	if dir == "" || !filepath.IsAbs(dir) {
		fmt.Fprintln(os.Stderr, "this command is started by the agent and not by hand")
		return exitUsage
	}
	// Libraries may print to descriptor 1; frames go over a copy and 1 becomes standard error.
	out, err := privateStdout()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitUsage
	}
	c := &child{in: bufio.NewReaderSize(os.Stdin, 64<<10), out: out, dir: dir, engine: &tesseract.Engine{Library: tesseract.Library()}}
	nameProcess()
	raiseOOMScore()
	settleMemory()
	mupdf.WatchMemory()
	hello := c.hello()
	hello.Sandbox = c.confine()
	runtime.GOMAXPROCS(workProcs)
	if err := wire.Write(c.out, wire.THello, hello, nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitProtocol
	}
	if err := c.serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitProtocol
	}
	return exitOK
}

// nameProcess gives the process the name of its program in lists of processes, where the path of a program that was replaced on disk says "exe".
func nameProcess() { _ = os.WriteFile("/proc/self/comm", []byte(filepath.Base(os.Args[0])), 0) }

// raiseOOMScore lets the kernel end a reader, not the agent, when the memory of the machine or of the
// container runs out: that costs one page, not every document in work. Raising one's own score needs
// no privilege; where it fails nothing is worse than before.
func raiseOOMScore() { _ = os.WriteFile("/proc/self/oom_score_adj", []byte("900"), 0) }

func (c *child) hello() wire.Hello {
	if c.engine.Library == "" { // models alone read nothing
		return wire.Hello{Version: wire.Version, Build: wire.Build(), MuPDF: mupdf.Version()}
	}
	installed := tesseract.Languages()
	osd := slices.Contains(installed, "osd")
	c.langs = slices.DeleteFunc(installed, func(l string) bool { return l == "osd" || l == "equ" || l == "snum" })
	return wire.Hello{Version: wire.Version, Build: wire.Build(), MuPDF: mupdf.Version(), Tesseract: tesseract.Version(c.engine.Library), Languages: c.langs, OSD: osd}
}

func (c *child) confine() confine.Status {
	mem, _ := strconv.Atoi(os.Getenv(wire.EnvMemory))
	if mem > 0 {
		debug.SetMemoryLimit(min(int64(mem)<<20/2, heapBytes))
	}
	if os.Getenv(wire.EnvSandbox) == "off" {
		return confine.Status{Landlock: "switched off", Seccomp: "switched off", Limits: "switched off"}
	}
	readable := []string{filepath.Join(c.dir, wire.InDir), tesseract.DataDir(), "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu"}
	if c.engine.Library != "" {
		readable = append(readable, tesseract.LoaderPaths()...)
	}
	return confine.Apply(confine.Policy{
		ReadOnly:  readable,
		ReadWrite: []string{filepath.Join(c.dir, wire.ScratchDir)},
		MemoryMiB: mem,
		FileBytes: 1 << 30,
		CPU:       lifeCPU,
	})
}

// serve answers requests one after another. It ends without error when the parent closes the pipe.
func (c *child) serve() error {
	defer c.close()
	for {
		f, err := wire.Read(c.in, 0)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read request: %w", err)
		}
		if err := c.handle(f); err != nil {
			return err
		}
	}
}

func (c *child) handle(f wire.Frame) error {
	switch f.Type {
	case wire.TOpen:
		var m wire.Open
		if err := f.Decode(&m); err != nil {
			return err
		}
		return c.open(m)
	case wire.TPage:
		var m wire.Page
		if err := f.Decode(&m); err != nil {
			return err
		}
		return c.page(m)
	case wire.TLook:
		var m wire.Look
		if err := f.Decode(&m); err != nil {
			return err
		}
		return c.look(m)
	case wire.TClose:
		var m wire.Close
		if err := f.Decode(&m); err != nil {
			return err
		}
		c.closeSource()
		return wire.Write(c.out, wire.TClosed, m, nil)
	case wire.TProbe:
		var m wire.Probe
		if err := f.Decode(&m); err != nil {
			return err
		}
		return wire.Write(c.out, wire.TProbed, wire.Probed{Seq: m.Seq, Attempts: confine.Probe(m.Outside, m.Input)}, nil)
	}
	return wire.ErrType
}

func (c *child) open(m wire.Open) error {
	c.closeSource()
	c.seq = m.Seq
	src, err := c.openFile(m)
	if err != nil {
		return c.fail(m.Seq, err)
	}
	info := src.Info()
	if info.Pages > m.Limits.MaxPages {
		src.Close()
		return c.fail(m.Seq, doc.Failf(doc.CodeTooLarge, nil, "The file has %d pages, more than the limit of %d; split it or raise the limit (extract.max_pages).", info.Pages, m.Limits.MaxPages))
	}
	c.src = src
	info.Title, info.Author = line(info.Title), line(info.Author)
	return wire.Write(c.out, wire.TOpened, wire.Opened{Seq: m.Seq, Info: info, Random: info.Random}, nil)
}

// openFile guards against panics of readers: a panic is an answer, not the end of the child.
func (c *child) openFile(m wire.Open) (src doc.Source, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = doc.Failf(doc.CodeCorrupt, fmt.Errorf("panic: %v\n%s", r, debug.Stack()), "The file is damaged and cannot be read; open it in its program, save it again and upload the new copy.")
		}
	}()
	if err := c.checkLanguages(m.Languages); err != nil {
		return nil, err
	}
	c.reader = &ocr.Reader{Engine: c.engine, Installed: c.langs, Begin: c.slow}
	return openUpload(m.Path, m.Name, m.Limits, c.reader, m.Languages)
}

func (c *child) checkLanguages(want []string) error {
	for _, l := range want {
		if !slices.Contains(c.langs, l) {
			return doc.Failf(doc.CodeLanguageMissing, nil, "The recognition language %q is not installed; install the package tesseract-ocr-%s or choose another.", l, l)
		}
	}
	return nil
}

func (c *child) page(m wire.Page) error {
	if c.src == nil || m.Seq != c.seq || m.Index < 0 || m.Index >= c.src.Info().Pages {
		return c.fail(m.Seq, doc.Failf(doc.CodeInternal, nil, "A page was asked for that is not there."))
	}
	c.asked = &m
	p, err := c.readPage(m.Index)
	c.asked = nil
	if err != nil {
		return c.fail(m.Seq, err)
	}
	return wire.Write(c.out, wire.TText, wire.Text{Seq: m.Seq, Index: m.Index, Method: p.Method, Language: p.Language, Confidence: p.Confidence, Marks: p.Marks, Scan: p.Scan, Unread: p.Unread, Links: p.Links}, []byte(p.Text))
}

// slow tells the parent, once a page, that this one takes long, so that it may get help with the others.
// Should the pipe be broken, the answer will say so.
func (c *child) slow() {
	if c.asked != nil {
		_ = wire.Write(c.out, wire.TSlow, wire.Slow{Seq: c.asked.Seq, Index: c.asked.Index}, nil)
		c.asked = nil
	}
}

func (c *child) readPage(i int) (p doc.Page, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = doc.Failf(doc.CodeCorrupt, fmt.Errorf("panic: %v\n%s", r, debug.Stack()), "Page %d is damaged and cannot be read; open the document in its program, save it again and upload the new copy.", i+1)
		}
	}()
	p, err = c.src.Page(i)
	p.Text = clean(p.Text)
	return p, err
}

func (c *child) fail(seq uint64, err error) error {
	f := doc.AsFail(err)
	detail := ""
	if f.Err != nil {
		detail = clip(f.Err.Error())
	}
	return wire.Write(c.out, wire.TFail, wire.Fail{Seq: seq, Code: f.Code, Message: f.Message, Detail: detail}, nil)
}

func (c *child) closeSource() {
	if c.src != nil {
		c.src.Close()
		c.src = nil
	}
}

func (c *child) close() {
	c.closeSource()
	c.engine.Close()
}
