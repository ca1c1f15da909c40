package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/sys/unix"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// hostile retitles a window, clears it, overwrites the line, turns letters round, and does the same in the other set of controls.
const hostile = "Harm\x1b]0;owned\x07\x1b[2J\x1b[31m\rless\u202egnp\u2066\u009b31m\u009d0;x\u009c\u0085\x08\x7f"

// wantHarmless fails when a terminal would do more with out than show it. The commands' own line ends are all that is let through.
func wantHarmless(t *testing.T, what, out string) {
	t.Helper()
	for _, r := range out {
		if r != '\n' && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r)) {
			t.Errorf("%s: %U in %q", what, r, out)
			return
		}
	}
}

// says replaces one field of a JSON answer, "" for none, whatever its depth.
func says(site *wptest.Site, fields ...string) {
	site.Rewrite(func(_ string, body []byte) []byte {
		var v any
		if json.Unmarshal(body, &v) != nil {
			return body
		}
		out, _ := json.Marshal(replace(v, fields))
		return out
	})
}

func replace(v any, fields []string) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	for k, inner := range m {
		m[k] = replace(inner, fields)
		for _, f := range fields {
			if k == f {
				m[k] = hostile
			}
		}
	}
	return m
}

func TestHostileTextCannotDriveTheTerminal(t *testing.T) {
	t.Parallel()
	wantIn := func(t *testing.T, what, out string) { // the control group: the text did get there
		t.Helper()
		wantHarmless(t, what, out)
		if !strings.Contains(out, "Harm") && !strings.Contains(out, "less") {
			t.Errorf("%s does not show it: %q", what, out)
		}
	}
	t.Run("join", func(t *testing.T) {
		site := wptest.New(t)
		says(site, "name", "wp_version")
		code, out, errs := cmd(t, t.TempDir(), "join", site.URL(), site.NewToken())
		if code != exitOK {
			t.Fatal(errs)
		}
		wantIn(t, "join", out+errs)
	})
	t.Run("join refused", func(t *testing.T) {
		site := wptest.New(t)
		token := site.NewToken()
		site.ExpireTokens()
		says(site, "message", "code")
		code, out, errs := cmd(t, t.TempDir(), "join", site.URL(), token)
		if code == exitOK {
			t.Error("joined with a token that was too old")
		}
		wantIn(t, "join", out+errs)
	})
	t.Run("doctor", func(t *testing.T) {
		site := wptest.New(t)
		dir := joined(t, site)
		says(site, "name", "wp_version", "php_version", "plugin_version", "directive")
		_, out, errs := cmd(t, dir, "doctor")
		wantIn(t, "doctor", out+errs)
		site.Rewrite(func(string, []byte) []byte { return []byte(hostile) })
		_, out, errs = cmd(t, dir, "doctor")
		wantHarmless(t, "doctor of nonsense", out+errs)
	})
	t.Run("an error page's title", func(t *testing.T) {
		site := wptest.New(t)
		dir := joined(t, site)
		site.Fault(func(*http.Request) wptest.Fault { return wptest.Fault{Kind: wptest.BadGateway, Title: hostile} })
		_, out, errs := cmd(t, dir, "doctor")
		wantIn(t, "doctor", out+errs)
	})
	for _, format := range []string{"text", "json"} {
		t.Run("once, log as "+format, func(t *testing.T) {
			site := wptest.New(t)
			dir := joined(t, site)
			site.AddJob("minutes.txt", "text/plain", []byte(text))
			says(site, "message", "edit_url", "reason")
			site.FaultOnce("/lease", wptest.Fault{Kind: wptest.BadGateway, Title: hostile})
			_, out, errs := cmd(t, dir, "once", "--set", "log.format="+format)
			wantIn(t, format, out+errs)
		})
	}
	t.Run("status", func(t *testing.T) {
		dir := t.TempDir()
		st := agent.Status{At: time.Now(), Version: hostile, Pressure: hostile, Summariser: hostile, ObjectStore: hostile,
			Sites: []agent.SiteStatus{{URL: hostile, Directive: hostile, LastError: hostile, Held: []agent.HeldStatus{{Filename: hostile, Phase: "extract"}}}}}
		raw, err := json.Marshal(st)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "status.json"), raw, 0o600); err != nil {
			t.Fatal(err)
		}
		_, out, errs := cmd(t, dir, "status")
		wantIn(t, "status", out+errs)
	})
	t.Run("names of files", func(t *testing.T) {
		dir := t.TempDir()
		name := filepath.Join(dir, strings.ReplaceAll(hostile, "/", "")+".pdf")
		if err := os.WriteFile(name, []byte("no PDF"), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, command := range []string{"process", "extract"} {
			_, out, errs := cmd(t, filepath.Join(dir, "data"), command, name, name+"2")
			wantIn(t, command, out+errs)
		}
	})
}

// TestADocumentCannotDriveTheTerminal reads one on a real terminal, where also the progress line is drawn, and on a pipe.
func TestADocumentCannotDriveTheTerminal(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "minutes\x1b[2J.txt")
	if err := os.WriteFile(name, []byte(text+"\n"+hostile+"\n"+text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TERM", "xterm")
	for _, args := range [][]string{{"extract", name}, {"extract", "--markdown", name}, {"extract", "--json", name}, {"process", name}} {
		out := onTerminal(t, append([]string{"--data-dir", filepath.Join(dir, "data")}, args...))
		if !strings.Contains(out, "bridge") {
			t.Fatalf("%v: %q", args, out)
		}
		out = strings.ReplaceAll(out, "\r\x1b[K", "")                         // ours: the progress line
		out = strings.NewReplacer("\r\n", "\n", "\f", "\n").Replace(out)      // the terminal's, and pages
		wantHarmless(t, fmt.Sprint(args), strings.ReplaceAll(out, "\t", " ")) // tables
	}
	if _, out, _ := cmd(t, filepath.Join(dir, "data"), "extract", name); !strings.Contains(out, "\u202e") {
		t.Errorf("a pipe does not get the document as it is: %q", out)
	}
}

// onTerminal runs a command line on a pseudo-terminal and returns what was shown there.
func onTerminal(t *testing.T, args []string) string {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	tty, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	shown := make(chan string)
	go func() {
		var b bytes.Buffer
		io.Copy(&b, master) // ends with an error when nobody has the terminal open any more
		shown <- b.String()
	}()
	run(&env{ctx: t.Context(), stdin: strings.NewReader(""), stdout: tty, stderr: tty, getenv: os.Getenv, version: "1"}, args)
	tty.Close()
	return <-shown
}
