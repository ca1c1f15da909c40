// Command fakellm runs the test model server of llm/llmtest on a port, for end-to-end tests and
// measurements: GET /calls lists the calls it answered.
package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "address to listen on; the real one is printed")
	delay := flag.Duration("delay", 0, "wait before each answer")
	every429 := flag.Int("every-429", 0, "answer every n-th call with 429 and Retry-After: 1")
	every500 := flag.Int("every-500", 0, "answer every n-th call with 500")
	key := flag.String("key", "", "refuse calls with any other key")
	limit := flag.Int("context-bytes", 0, "refuse longer prompts as too long")
	flag.Parse()
	if err := run(*addr, script(*delay, *every429, *every500, *key, *limit)); err != nil {
		fmt.Fprintln(os.Stderr, "fakellm:", err)
		os.Exit(1)
	}
}

func script(delay time.Duration, every429, every500 int, key string, limit int) llmtest.Script {
	tooLong := llmtest.ContextLimit(limit)
	return func(n int, c llmtest.Call) llmtest.Reply {
		switch {
		case key != "" && c.Key != key:
			return llmtest.WrongKey
		case every429 > 0 && n%every429 == 0:
			return llmtest.RateLimited
		case every500 > 0 && n%every500 == 0:
			return llmtest.ServerError
		}
		var r llmtest.Reply
		if limit > 0 {
			r = tooLong(n, c)
		}
		r.Delay = delay
		return r
	}
}

func run(addr string, s llmtest.Script) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Println("http://" + l.Addr().String() + "/v1")
	srv := &http.Server{Handler: llmtest.NewHandler(s), ReadHeaderTimeout: 10 * time.Second}
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
