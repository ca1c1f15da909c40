package wpsite

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/ports"
)

//go:embed resident.php
var residentPHP []byte

// Resident are PHP processes that have loaded the site's WordPress once and answer its REST requests one after another
// (resident.php). They share the site's database and files.
type Resident struct {
	addr string
	cmd  *exec.Cmd
	hold io.Closer
}

// Resident starts that many processes.
func (s *Site) Resident(workers int) (*Resident, error) {
	script := filepath.Join(s.Dir, "resident.php")
	if err := os.WriteFile(script, residentPHP, 0o644); err != nil {
		return nil, err
	}
	free, err := ports.Free(ports.Linear)
	if err != nil {
		return nil, err
	}
	port := strconv.Itoa(free)
	host := s.URL[len("http://"):]
	server, err := json.Marshal(map[string]string{"HTTP_HOST": host, "SERVER_NAME": host, "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1"})
	if err != nil {
		return nil, err
	}
	r := &Resident{addr: "127.0.0.1:" + port}
	r.cmd = exec.Command("php", "-d", "error_log="+filepath.Join(s.Dir, "debug.log"), "-d", "display_errors=0", "-d", "memory_limit=512M",
		script, s.Root, port, strconv.Itoa(workers), string(server))
	r.cmd.Stderr, r.cmd.SysProcAttr = os.Stderr, &syscall.SysProcAttr{Setpgid: true}
	if r.hold, err = r.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := r.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start resident PHP: %w", err)
	}
	return r, nil
}

// Transport goes to the resident processes, whatever host a request names.
func (r *Resident) Transport() *http.Transport {
	return &http.Transport{DisableKeepAlives: true, ResponseHeaderTimeout: time.Minute,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			for {
				conn, err := d.DialContext(ctx, "tcp", r.addr)
				if err == nil || !errors.Is(err, syscall.ECONNREFUSED) {
					return conn, err
				}
				select { // it has not opened its port yet
				case <-ctx.Done():
					return nil, ctx.Err()
				case <-time.After(20 * time.Millisecond):
				}
			}
		}}
}

// Stop ends the processes.
func (r *Resident) Stop() error {
	_ = r.hold.Close()
	return r.cmd.Wait()
}
