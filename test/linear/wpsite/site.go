// Package wpsite starts a throwaway WordPress on nginx, php-fpm and MariaDB (scripts/wp/up.sh) for tests that look at
// the queue from both ends: signed requests of many agents on one side, the table's rows on the other.
package wpsite

import (
	"crypto/rand"
	_ "embed"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/test/ports"
)

//go:embed probe.php
var probePHP []byte

// Site is a running WordPress. Its servers end with Stop; its files stay until Remove.
type Site struct {
	Dir      string // of up.sh: logs, site.env
	Root     string // WordPress' own folder
	URL      string
	Login    string
	Password string // an application password of the admin
	probe    string // name of the probe, below URL
	up       []string
}

// Script is the path of a file below scripts/.
func Script(parts ...string) string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(append([]string{filepath.Dir(file), "../../../scripts"}, parts...)...)
}

// Start runs up.sh fpm in dir. Options are up.sh's. Port 0 is any free one.
func Start(dir string, port int, options ...string) (*Site, error) {
	if port == 0 {
		free, err := ports.Free(ports.Linear)
		if err != nil {
			return nil, err
		}
		port = free
	}
	s := &Site{Dir: dir, up: append([]string{"fpm", dir, strconv.Itoa(port), "--password", "password"}, options...)}
	if err := s.Restart(); err != nil {
		return nil, err
	}
	env, err := readEnv(filepath.Join(dir, "site.env"))
	if err != nil {
		return nil, err
	}
	random := make([]byte, 8)
	_, _ = rand.Read(random)
	s.Root, s.URL, s.Login, s.Password = env["SITE"], env["URL"], env["LOGIN"], env["APP_PASSWORD"]
	s.probe = "probe-" + hex.EncodeToString(random) + ".php"
	return s, os.WriteFile(filepath.Join(s.Root, s.probe), probePHP, 0o644)
}

// Restart starts the servers again after Stop.
func (s *Site) Restart() error {
	if out, err := exec.Command(Script("wp", "up.sh"), s.up...).CombinedOutput(); err != nil {
		return fmt.Errorf("start WordPress: %w\n%s", err, out)
	}
	return nil
}

// Stop ends the servers, the database's too unless it is shared.
func (s *Site) Stop() error {
	if out, err := exec.Command(Script("wp", "down.sh"), s.Dir).CombinedOutput(); err != nil {
		return fmt.Errorf("stop WordPress: %w\n%s", err, out)
	}
	return nil
}

// Plugin is the path of a file of the plugin's copy in this site.
func (s *Site) Plugin(name string) string {
	return filepath.Join(s.Root, "wp-content/plugins/ai-doc-pipeline", name)
}

// MustUse installs a must-use plugin.
func (s *Site) MustUse(name, php string) error {
	dir := filepath.Join(s.Root, "wp-content/mu-plugins")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), []byte(php), 0o644)
}

// Complaints are the lines of PHP's log that speak of the plugin or of the database; not those of a deadlock in the
// transaction of a result, which the plugin runs again.
func (s *Site) Complaints() ([]string, error) {
	log, err := os.ReadFile(filepath.Join(s.Dir, "debug.log"))
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	var bad []string
	for line := range strings.SplitSeq(string(log), "\n") {
		if strings.Contains(line, "Deadlock found") && strings.Contains(line, "Acceptor->store") {
			continue
		}
		if strings.Contains(line, "plugins/ai-doc-pipeline") || strings.Contains(line, "ai-doc-pipeline:") || strings.Contains(line, "database error") {
			bad = append(bad, line)
		}
	}
	return bad, nil
}

func readEnv(path string) (map[string]string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	env := map[string]string{}
	for line := range strings.SplitSeq(strings.TrimSpace(string(raw)), "\n") {
		key, value, _ := strings.Cut(line, "=")
		env[key] = strings.ReplaceAll(value, `\`, "") // printf %q
	}
	return env, nil
}
