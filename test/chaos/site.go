package chaos

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Pace is how fast the site's clockwork runs: the plugin's own constants, or a tenth of them where a run must be short.
type Pace struct {
	TTL   time.Duration
	Beat  time.Duration
	Rests [3]time.Duration // before the 2nd, 3rd and 4th attempt
}

// Production is what the plugin ships, Tenth is ten times as fast.
var (
	Production = Pace{TTL: 120 * time.Second, Beat: 30 * time.Second, Rests: [3]time.Duration{30 * time.Second, 2 * time.Minute, 10 * time.Minute}}
	Tenth      = Pace{TTL: 12 * time.Second, Beat: 3 * time.Second, Rests: [3]time.Duration{3 * time.Second, 12 * time.Second, 60 * time.Second}}
)

// Site is a real WordPress on nginx, php-fpm and MariaDB behind a reverse proxy, which is the only address it knows.
type Site struct {
	Dir  string // of up.sh
	Root string // WordPress' own folder
	Port int    // nginx
	URL  string // the proxy's, the site's home
	sock string // MariaDB
}

// Script is the path of a file of the repository's scripts folder, from this package's folder.
func Script(parts ...string) string {
	path, err := filepath.Abs(filepath.Join(append([]string{"../../scripts"}, parts...)...))
	if err != nil {
		panic(err)
	}
	return path
}

// StartSite starts WordPress on port and makes home (the proxy's URL) its home.
func StartSite(dir string, port int, home string, pace Pace) (*Site, error) {
	if out, err := exec.Command(Script("wp", "up.sh"), "fpm", dir, strconv.Itoa(port), "--password", "password").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("start WordPress: %w\n%s", err, out)
	}
	s := &Site{Dir: dir, Root: filepath.Join(dir, "site"), Port: port, URL: home}
	sock, err := os.ReadFile(filepath.Join(dir, "db", "sock"))
	if err != nil {
		return nil, err
	}
	s.sock = strings.TrimSpace(string(sock))
	if err := s.behindProxy(); err != nil {
		return nil, err
	}
	if pace != Production {
		return s, s.quicken(pace)
	}
	return s, nil
}

// behindProxy does what the administrator of a site behind a reverse proxy does in wp-config.php.
func (s *Site) behindProxy() error {
	own, host := fmt.Sprintf("http://127.0.0.1:%d", s.Port), strings.TrimPrefix(s.URL, "http://")
	return edit(filepath.Join(s.Root, "wp-config.php"), map[string]string{
		own + "'": s.URL + "'",
		"<?php\n": "<?php\n$_SERVER['HTTP_HOST'] = '" + host + "';\n$_SERVER['SERVER_PORT'] = '" + host[strings.LastIndexByte(host, ':')+1:] + "';\n",
	})
}

// quicken changes the time constants in this site's copy of the plugin. A constant that is not found is an error: the
// run would otherwise measure something else than it says.
func (s *Site) quicken(p Pace) error {
	ms := func(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
	if err := edit(s.plugin("Queue/Leases.php"), map[string]string{
		"TTL_MS         = 120_000": "TTL_MS         = " + ms(p.TTL),
		"BEAT_MS        = 30_000":  "BEAT_MS        = " + ms(p.Beat),
	}); err != nil {
		return err
	}
	return edit(s.plugin("Queue/Backoff.php"), map[string]string{
		"array( 30_000, 120_000, 600_000 )": fmt.Sprintf("array( %s, %s, %s )", ms(p.Rests[0]), ms(p.Rests[1]), ms(p.Rests[2])),
	})
}

func (s *Site) plugin(name string) string {
	return filepath.Join(s.Root, "wp-content/plugins/ai-doc-pipeline/includes", name)
}

func edit(path string, changes map[string]string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text := string(raw)
	for from, to := range changes {
		if !strings.Contains(text, from) {
			return fmt.Errorf("%s has no %q any more: the chaos run must learn what replaced it", path, from)
		}
		text = strings.ReplaceAll(text, from, to)
	}
	// A new file in its place: WordPress' own files are hard links into the cache of trees.
	if err := os.Remove(path); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// Stop ends all servers, also ones that were restarted.
func (s *Site) Stop() error {
	if out, err := exec.Command(Script("wp", "down.sh"), s.Dir).CombinedOutput(); err != nil {
		return fmt.Errorf("stop WordPress: %w\n%s", err, out)
	}
	return nil
}

// WP runs a command of scripts/wp/wp.php inside the site.
func (s *Site) WP(args ...string) (string, error) {
	return output("php", append([]string{"-d", "display_errors=0", Script("wp", "wp.php"), s.Root}, args...)...)
}

// SQL returns rows of columns, past WordPress; {p} stands for the table prefix.
func (s *Site) SQL(query string) ([][]string, error) {
	out, err := output("mariadb", "--no-defaults", "-uroot", "-S", s.sock, "-N", "-B", "wp_"+strconv.Itoa(s.Port), "-e", strings.ReplaceAll(query, "{p}", "wp_"))
	if err != nil || out == "" {
		return nil, err
	}
	var rows [][]string
	for line := range strings.SplitSeq(out, "\n") {
		rows = append(rows, strings.Split(line, "\t"))
	}
	return rows, nil
}

// Number is a query of one number.
func (s *Site) Number(query string) (int64, error) {
	rows, err := s.SQL(query)
	if err != nil {
		return 0, err
	}
	if len(rows) != 1 || len(rows[0]) != 1 {
		return 0, fmt.Errorf("%d rows instead of one number: %s", len(rows), query)
	}
	return strconv.ParseInt(rows[0][0], 10, 64)
}

func output(name string, args ...string) (string, error) {
	var stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", errors.Join(fmt.Errorf("%s: %w", name, err), errors.New(strings.TrimSpace(stderr.String())))
	}
	return strings.TrimRight(string(out), "\n"), nil
}
