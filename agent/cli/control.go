package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
)

// The control socket is how this machine's commands and supervisors speak with a running agent. It lies in the private data folder, needs no
// room on the disk once it is there, and answers whatever a site, a model or the disk does.

// controlTime bounds a question to the running agent.
const controlTime = 10 * time.Second

func controlPath(cfg *config.Config) string { return filepath.Join(cfg.DataDir, "agent.sock") }

// healthHandler answers what supervisors ask.
func healthHandler(a *agent.Agent) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		a.Alive()
		fmt.Fprintln(w, "alive")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if why := a.Unready(); why != "" {
			http.Error(w, why, http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	return mux
}

// serveControl opens the socket. An agent without one works all the same: the log says what is missed.
func serveControl(cfg *config.Config, a *agent.Agent, log *slog.Logger) (stop func()) {
	l, err := listenIn(cfg.DataDir, filepath.Base(controlPath(cfg)))
	if err != nil {
		log.Warn("no control socket: `status` reads the status file, and probes need metrics.listen", "error", err.Error())
		return func() {}
	}
	mux := healthHandler(a)
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		_ = enc.Encode(a.Status()) // who asked has gone
	})
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10}
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("the control socket ended", "error", err.Error())
		}
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = srv.Shutdown(ctx) // what is left of it ends with the process
		_ = os.Remove(controlPath(cfg))
	}
}

// listenIn makes a socket in dir, whatever the length of its path: the kernel takes 107 bytes, and a folder can be named by its number.
// What an earlier process left there is removed; only one agent has the data folder.
func listenIn(dir, name string) (net.Listener, error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	path := fmt.Sprintf("/proc/self/fd/%d/%s", d.Fd(), name)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false) // by then the number is another folder's
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// errNobody: no agent answers at the socket.
var errNobody = errors.New("no agent answers")

// ask sends one question to the running agent.
func ask(ctx context.Context, cfg *config.Config, path string) (status int, body []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, controlTime)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		d, err := os.Open(cfg.DataDir)
		if err != nil {
			return nil, err
		}
		defer d.Close()
		return (&net.Dialer{}).DialContext(ctx, "unix", fmt.Sprintf("/proc/self/fd/%d/%s", d.Fd(), filepath.Base(controlPath(cfg))))
	}}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://agent"+path, nil)
	if err != nil {
		return 0, nil, err
	}
	resp, err := client.Do(req)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return 0, nil, errNobody
	}
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(io.LimitReader(resp.Body, 16<<20))
	return resp.StatusCode, body, err
}
