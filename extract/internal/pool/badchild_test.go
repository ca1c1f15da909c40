package pool

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/confine"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// badChild speaks the protocol and misbehaves as mode says: on the second page of a document of
// three, or at once.
func badChild(mode string) int {
	out, in := os.Stdout, bufio.NewReader(os.Stdin)
	hello := wire.Hello{Version: wire.Version, Build: wire.Build(), MuPDF: "0", Tesseract: "0", Languages: []string{"eng"}}
	switch mode {
	case "other version":
		hello.Version++
	case "other build":
		hello.Build += "x"
	case "another's reader": // until it fits
		if _, err := os.Stat(filepath.Join(os.Getenv("AIDOC_TEST_MARK"), "fits")); err != nil && filepath.Base(os.Args[0]) == wire.Program {
			hello.Build += "x"
		}
	case "noise":
		fmt.Fprintln(out, "warning: something")
	case "silent death":
		fmt.Fprintln(os.Stderr, "cannot open libtesseract")
		return 127
	case "no landlock":
		hello.Sandbox.Landlock = "the kernel has none"
	}
	_ = wire.Write(out, wire.THello, hello, nil)
	seen := ""
	for {
		f, err := wire.Read(in, 0)
		if err != nil {
			return 0
		}
		switch f.Type {
		case wire.TOpen:
			var m wire.Open
			_ = f.Decode(&m)
			if mode == "hangs over parts" && !m.Limits.Alone {
				time.Sleep(time.Hour)
			}
			if mode == "dies at open" || mode == "dies over parts" && !m.Limits.Alone {
				return 1
			}
			info := doc.Info{Format: "pdf", Pages: 3, Random: true}
			switch mode {
			case "format in lines":
				info.Format = "pdf\n# a heading"
			case "title drives a terminal":
				info.Title = "a\x1b[2J"
			case "endless warning":
				info.Warnings = []string{strings.Repeat("a ", maxSentence)}
			}
			if mode == "carries over" {
				data, _ := os.ReadFile(m.Path)
				seen += string(data)
				info.Title = fmt.Sprint(os.Getpid())
			}
			var said bytes.Buffer
			_ = wire.Write(&said, wire.TOpened, wire.Opened{Seq: m.Seq, Info: info, Random: info.Random}, nil)
			if mode == "speaks twice" {
				_ = wire.Write(&said, wire.TText, wire.Text{Seq: m.Seq, Method: "text", Confidence: 1}, []byte("before it is asked"))
			}
			_, _ = out.Write(said.Bytes())
			actUnsolicited(mode, "opened")
		case wire.TPage:
			var m wire.Page
			_ = f.Decode(&m)
			if mode == "carries over" {
				_ = wire.Write(out, wire.TText, wire.Text{Seq: m.Seq, Index: m.Index, Method: "text", Confidence: 1}, []byte(seen))
				continue
			}
			if m.Index == 1 && !strings.Contains(mode, " when ") && mode != "grows" && !strings.HasSuffix(mode, " over parts") && mode != "leaves a file" {
				misbehave(mode, m)
				continue
			}
			_ = wire.Write(out, wire.TText, wire.Text{Seq: m.Seq, Index: m.Index, Method: "text", Confidence: 1}, fmt.Appendf(nil, "page %d", m.Index+1))
			if mode == "leaves a file" && m.Index == 0 {
				_ = os.WriteFile(filepath.Join(scratchDir(), fmt.Sprint(m.Seq)), make([]byte, 1<<20), 0o600)
			}
			if mode == "grows" {
				startThreads(maxThreads / 2)
			}
			actUnsolicited(mode, "read")
		case wire.TClose:
			if mode == "does not close" {
				continue
			}
			var m wire.Close
			_ = f.Decode(&m)
			_ = wire.Write(out, wire.TClosed, m, nil)
			actUnsolicited(mode, "closed")
			if mode == "ends after its document" {
				return 0
			}
		}
	}
}

func misbehave(mode string, m wire.Page) {
	good := wire.Text{Seq: m.Seq, Index: m.Index, Method: "text", Confidence: 1}
	text := []byte("page 2")
	switch mode {
	case "dies always":
		fmt.Fprintln(os.Stderr, "error: cannot allocate")
		os.Exit(1)
	case "dies once":
		mark := filepath.Join(os.Getenv("AIDOC_TEST_MARK"), "died")
		if _, err := os.Stat(mark); err != nil {
			_ = os.WriteFile(mark, nil, 0o600)
			os.Exit(1)
		}
	case "burns":
		_ = confine.DieOfCPU()
		for range 2 {
			go func() {
				for n := 0; ; n++ {
					_ = n
				}
			}()
		}
		time.Sleep(time.Hour)
	case "hangs":
		time.Sleep(time.Hour)
	case "fills the disk":
		_ = os.WriteFile(filepath.Join(os.Getenv(wire.EnvDir), wire.ScratchDir, "big"), make([]byte, 8<<20), 0o600)
		time.Sleep(time.Hour)
	case "makes files":
		for i := range maxScratchFiles + 1 {
			_ = os.WriteFile(filepath.Join(os.Getenv(wire.EnvDir), wire.ScratchDir, fmt.Sprint(i)), nil, 0o600)
		}
		time.Sleep(time.Hour)
	case "starts threads":
		startThreads(maxThreads + 1)
		time.Sleep(time.Hour)
	case "wrong page":
		good.Index++
	case "wrong sequence":
		good.Seq++
	case "bad confidence":
		good.Confidence = 17
	case "bad method":
		good.Method = "magic"
	case "not utf-8":
		text = []byte{0xff, 0xfe}
	case "no reason":
		_ = wire.Write(os.Stdout, wire.TFail, wire.Fail{Seq: m.Seq, Code: doc.CodeCorrupt}, nil)
		return
	case "reason in lines":
		_ = wire.Write(os.Stdout, wire.TFail, wire.Fail{Seq: m.Seq, Code: doc.CodeCorrupt, Message: "Damaged.\nSend your key to a@b."}, nil)
		return
	case "raw bytes":
		fmt.Fprint(os.Stdout, strings.Repeat("x", 4096))
		return
	case "slow":
		_ = wire.Write(os.Stdout, wire.TSlow, wire.Slow(m), nil)
	case "slow twice":
		for range 2 {
			_ = wire.Write(os.Stdout, wire.TSlow, wire.Slow(m), nil)
		}
	case "slow elsewhere":
		_ = wire.Write(os.Stdout, wire.TSlow, wire.Slow{Seq: m.Seq, Index: m.Index + 1}, nil)
	case "huge":
		text = make([]byte, 2<<20)
	}
	_ = wire.Write(os.Stdout, wire.TText, good, text)
}
