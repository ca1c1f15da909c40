//go:build attacks

package attacks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Site is a real WordPress behind the middlebox, which is the only address that it and its visitors know.
type Site struct {
	Dir  string
	Root string // WordPress' own folder
	URL  string // home: the middlebox
	Port int    // of nginx
	sock string // MariaDB
	word string // opens the door of wordpress/attacks.php
}

func script(parts ...string) string {
	path, err := filepath.Abs(filepath.Join(append([]string{"../../scripts"}, parts...)...))
	if err != nil {
		panic(err)
	}
	return path
}

// freePort is one of this suite's own range, as test/ports has one for the other suites: none of their servers takes it meanwhile.
func freePort() (int, error) {
	for {
		port := 16_000 + rand.IntN(2_000)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			return port, l.Close()
		}
	}
}

func startSite(dir string, front *Middlebox) (*Site, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	if out, err := exec.Command(script("wp", "up.sh"), "fpm", dir, strconv.Itoa(port), "--password", password, "--title", "Attacked").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("start WordPress: %w\n%s", err, out)
	}
	s := &Site{Dir: dir, Root: filepath.Join(dir, "site"), URL: front.URL, Port: port}
	sock, err := os.ReadFile(filepath.Join(dir, "db", "sock"))
	if err != nil {
		return nil, err
	}
	s.sock = strings.TrimSpace(string(sock))
	if err := s.behind(front); err != nil {
		return nil, err
	}
	front.Serve(fmt.Sprintf("127.0.0.1:%d", port))
	if err := s.furnish(); err != nil {
		return nil, err
	}
	if err := s.reload(); err != nil {
		return nil, err
	}
	// Documents are queued by the tests alone, each for the agent that is to have it.
	_, err = output("php", "-d", "display_errors=0", script("wp", "wp.php"), s.Root, "setting", "enqueue_on_upload", "false")
	return s, err
}

// reload lets PHP forget the configuration that it has compiled, and waits until the site knows its address.
func (s *Site) reload() error {
	raw, err := os.ReadFile(filepath.Join(s.Dir, "fpm.pid"))
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(raw)))
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGUSR2); err != nil {
		return err
	}
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		resp, err := plain.Get(s.URL + "/?rest_route=/&_fields=home")
		if err != nil {
			continue
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if strings.Contains(strings.ReplaceAll(string(body), `\/`, "/"), s.URL) {
			return nil
		}
	}
	return errors.New("WordPress does not take its new address")
}

// behind does what the administrator of a site behind a reverse proxy does in wp-config.php.
func (s *Site) behind(front *Middlebox) error {
	host := strings.TrimPrefix(front.URL, "http://")
	_, port, _ := strings.Cut(host, ":")
	return edit(filepath.Join(s.Root, "wp-config.php"), map[string]string{
		fmt.Sprintf("http://127.0.0.1:%d'", s.Port): front.URL + "'",
		"<?php\n": "<?php\n$_SERVER['HTTP_HOST'] = '" + host + "';\n$_SERVER['SERVER_PORT'] = '" + port + "';\n",
	})
}

// furnish installs the suite's must-use plugin, with the word that opens its door.
func (s *Site) furnish() error {
	s.word = token(16)
	plugins := filepath.Join(s.Root, "wp-content", "mu-plugins")
	if err := os.MkdirAll(filepath.Join(plugins, "attacks"), 0o755); err != nil {
		return err
	}
	for from, to := range map[string]string{"attacks.php": "attacks.php", "commands.php": "attacks/commands.php"} {
		code, err := os.ReadFile(filepath.Join("wordpress", from))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(plugins, to), code, 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(plugins, "attacks", "word"), []byte(s.word), 0o600)
}

// edit replaces text in a file that may be a hard link into the cache of WordPress trees.
func edit(path string, changes map[string]string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text := string(raw)
	for from, to := range changes {
		if !strings.Contains(text, from) {
			return fmt.Errorf("%s has no %q any more", path, from)
		}
		text = strings.ReplaceAll(text, from, to)
	}
	if err := os.Remove(path); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// Stop ends the servers; failed says whether the run needs its logs. PHP that died or complained about the plugin fails the run.
func (s *Site) Stop(failed bool) int {
	code := 0
	if out, err := exec.Command(script("wp", "down.sh"), s.Dir).CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "stop WordPress: %v\n%s", err, out)
		code = 1
	}
	for i, line := range s.complaints() {
		if i < 5 {
			fmt.Fprintf(os.Stderr, "PHP complains: %.400s\n", line)
		}
		code = 1
	}
	return code
}

// complaints are PHP's notices about the plugin, and whatever ended a request; not a deadlock that a function of WordPress met in the transaction of
// a result, which the plugin runs again.
func (s *Site) complaints() []string {
	log, _ := os.ReadFile(filepath.Join(s.Dir, "debug.log"))
	var out []string
	for line := range strings.SplitSeq(string(log), "\n") {
		if strings.Contains(line, "Deadlock found") && strings.Contains(line, "Acceptor->store") {
			continue
		}
		if strings.Contains(line, "plugins/ai-doc-pipeline") || strings.Contains(line, "database error") || strings.Contains(line, "PHP Fatal") {
			out = append(out, line)
		}
	}
	return out
}

func output(name string, args ...string) ([]byte, error) {
	var stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return out, errors.Join(fmt.Errorf("%s: %w", name, err), errors.New(strings.TrimSpace(stderr.String())))
	}
	return out, nil
}

// Do runs a command of wordpress/commands.php; out may be nil.
func (s *Site) Do(t *testing.T, command string, in, out any) {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/?rest_route=/attacks/v1/do/"+command, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Attack-Word", s.word)
	page := fetch(t, plain, req)
	answer := struct {
		Result any `json:"result"`
	}{out}
	if err := json.Unmarshal([]byte(page.Body), &answer); err != nil || page.Status != http.StatusOK {
		t.Fatalf("%s: %d %v: %.300s", command, page.Status, err, page.Body)
	}
}

// SQL returns rows of columns, past WordPress.
func (s *Site) SQL(t *testing.T, format string, args ...any) [][]string {
	t.Helper()
	out, err := output("mariadb", "--no-defaults", "-uroot", "-S", s.sock, "-N", "-B", s.database(), "-e", fmt.Sprintf(format, args...))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(out)) {
		rows = append(rows, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return rows
}

func (s *Site) database() string { return "wp_" + strconv.Itoa(s.Port) }

// Number is a query of one number.
func (s *Site) Number(t *testing.T, format string, args ...any) int64 {
	t.Helper()
	rows := s.SQL(t, format, args...)
	if len(rows) != 1 || len(rows[0]) != 1 {
		t.Fatalf("%d rows instead of one number", len(rows))
	}
	n, err := strconv.ParseInt(rows[0][0], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
