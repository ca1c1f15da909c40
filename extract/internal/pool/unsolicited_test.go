package pool

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
)

// unsolicitedActs are what a taken-over child does once it has answered. Each goes on as long as the child runs.
var unsolicitedActs = map[string]func(){
	"writes": func() {
		f, _ := os.CreateTemp(scratchDir(), "")
		for {
			_, _ = f.Write(make([]byte, 1<<20))
		}
	},
	"makes files": func() {
		for {
			f, _ := os.CreateTemp(scratchDir(), "")
			_ = f.Close()
		}
	},
	"starts threads": func() { startThreads(2 * maxThreads) },
	"burns": func() {
		for n := 0; ; n++ {
			_ = n
		}
	},
	"takes memory": func() {
		for all := [][]byte{}; len(all) < 1<<10; all = append(all, make([]byte, 1<<20)) {
			for i := range all {
				all[i][0]++
			}
		}
	},
	"speaks": func() {
		for {
			_ = wire.Write(os.Stdout, wire.TText, wire.Text{Method: "text"}, []byte("unasked"))
		}
	},
	"shouts": func() {
		for {
			fmt.Fprintln(os.Stderr, strings.Repeat("x", 4096))
		}
	},
}

// startThreads returns when they all run.
func startThreads(n int) {
	var all sync.WaitGroup
	for range n {
		all.Add(1)
		go func() {
			runtime.LockOSThread()
			all.Done()
			select {}
		}()
	}
	all.Wait()
}

func scratchDir() string { return filepath.Join(os.Getenv(wire.EnvDir), wire.ScratchDir) }

// actUnsolicited begins what mode says, as "burns when closed" or "speaks when read".
func actUnsolicited(mode, now string) {
	if what, when, ok := strings.Cut(mode, " when "); ok && when == now {
		go unsolicitedActs[what]()
	}
}
