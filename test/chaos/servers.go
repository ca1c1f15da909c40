package chaos

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a daemon that up.sh started: the pid of its process group is in a file, which down.sh reads.
type server struct {
	pidFile string
	args    []string
	env     []string
	log     string
	ready   func() bool
}

// database is the site's MariaDB, as it was started.
func (s *Site) database() (*server, error) {
	pidFile := filepath.Join(s.Dir, "db", "mariadb.pid")
	pid, err := readPID(pidFile)
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return nil, err
	}
	args := strings.Split(strings.TrimRight(string(raw), "\x00"), "\x00")
	return &server{pidFile: pidFile, args: args, log: filepath.Join(s.Dir, "db", "mariadb.log"),
		ready: func() bool { _, err := s.Number("SELECT 1"); return err == nil }}, nil
}

// php is the site's php-fpm, as it was started.
func (s *Site) php() (*server, error) {
	pidFile := filepath.Join(s.Dir, "fpm.pid")
	pid, err := readPID(pidFile)
	if err != nil {
		return nil, err
	}
	exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	if err != nil {
		return nil, err
	}
	conf := filepath.Join(s.Dir, "fpm.conf")
	args := []string{exe}
	if os.Geteuid() == 0 {
		args = append(args, "-R")
	}
	return &server{pidFile: pidFile, args: append(args, "-y", conf), log: filepath.Join(s.Dir, "fpm.out"), ready: socketOf(conf)}, nil
}

// skewed starts another php-fpm and nginx of the same site whose clock is off; it returns their address. To an agent
// that is sent there, its own clock is off by as much the other way.
func (s *Site) skewed(port int, offset string) (string, error) {
	libs, _ := filepath.Glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
	if len(libs) == 0 {
		return "", fmt.Errorf("faketime is not installed: scripts/install-deps.sh test")
	}
	run, err := os.ReadFile(filepath.Join(s.Dir, "run"))
	if err != nil {
		return "", err
	}
	old, name := strings.TrimSpace(string(run)), strconv.Itoa(port)
	derive := func(file string, more ...string) (string, error) {
		raw, err := os.ReadFile(filepath.Join(s.Dir, file))
		if err != nil {
			return "", err
		}
		path := filepath.Join(s.Dir, name+"-"+file)
		more = append(more, old+"/", old+"/"+name+"-", "max_children = 4", "max_children = 1", "worker_processes 2", "worker_processes 1",
			fmt.Sprintf("127.0.0.1:%d", s.Port), "127.0.0.1:"+name)
		return path, os.WriteFile(path, []byte(strings.NewReplacer(more...).Replace(string(raw))), 0o644)
	}
	fpm, err := s.php()
	if err != nil {
		return "", err
	}
	// libfaketime looks its variable up again now and then; php-fpm would have cleared it.
	if fpm.args[len(fpm.args)-1], err = derive("fpm.conf", "pm = static", "pm = static\nclear_env = no"); err != nil {
		return "", err
	}
	fpm.pidFile, fpm.env = filepath.Join(s.Dir, name+"-fpm.pid"), []string{"LD_PRELOAD=" + libs[0], "FAKETIME=" + offset}
	fpm.ready = socketOf(fpm.args[len(fpm.args)-1])
	if err := fpm.start(); err != nil {
		return "", err
	}
	conf, err := derive("nginx.conf")
	if err != nil {
		return "", err
	}
	web := &server{pidFile: filepath.Join(s.Dir, name+"-nginx.pid"), args: []string{"nginx", "-e", conf + ".log", "-c", conf},
		log: conf + ".out", ready: func() bool { return answers("127.0.0.1:" + name) }}
	return "127.0.0.1:" + name, web.start()
}

// kill ends the whole process group at once.
func (v *server) kill() error {
	pid, err := readPID(v.pidFile)
	if err != nil {
		return err
	}
	if err := syscall.Kill(-pid, syscall.SIGKILL); err != nil {
		return err
	}
	for range 100 { // the socket's owner must be gone before the next one comes
		if syscall.Kill(-pid, 0) == syscall.ESRCH {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("process group %d does not end", pid)
}

// start starts it (again) in a session of its own and waits until it answers.
func (v *server) start() error {
	log, err := os.OpenFile(v.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	path, err := exec.LookPath(v.args[0])
	if err != nil {
		path = filepath.Join("/usr/sbin", v.args[0])
	}
	cmd := &exec.Cmd{Path: path, Args: v.args, Env: append(os.Environ(), v.env...), Stdout: log, Stderr: log, SysProcAttr: &syscall.SysProcAttr{Setsid: true}}
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }()
	if err := os.WriteFile(v.pidFile, []byte(strconv.Itoa(cmd.Process.Pid)+"\n"), 0o644); err != nil {
		return err
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if v.ready() {
			return nil
		}
	}
	return fmt.Errorf("%s does not answer; its log is %s", v.args[0], v.log)
}

func readPID(file string) (int, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(raw)))
}
