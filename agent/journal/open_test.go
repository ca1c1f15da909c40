package journal

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

var update = flag.Bool("update", false, "write testdata/v<newest>.db.gz")

// fill puts one of everything into a journal.
func fill(t *testing.T, j *Journal) {
	t.Helper()
	check(t, j.SaveJob(bg, job(1, 2, StateExtracting)))
	check(t, j.Enqueue(bg, item("r", 2, 1, KindResult), job(2, 1, StateReporting)))
	check(t, putDocument(j, "aa", "v", []byte("doc")))
	check(t, j.PutPage(bg, "aa", "v", 1, []byte("page one")))
	check(t, j.Put(bg, "k", llm.Completion{Text: "step", TokensIn: 1, TokensOut: 2}))
	spent(t, j, Spending{Provider: "openai", Model: "m", Calls: 1, USD: 0.5})
}

// holds checks what fill put.
func holds(t *testing.T, j *Journal) {
	t.Helper()
	if jobs, err := j.Jobs(bg); err != nil || len(jobs) != 2 || jobs[0].LeaseToken != "tok" {
		t.Errorf("jobs: %+v, %v", jobs, err)
	}
	if due, err := j.Due(bg, "", j.now()); err != nil || len(due) != 1 || string(due[0].Body) != `{"id":"r"}` {
		t.Errorf("outbox: %+v, %v", due, err)
	}
	holdsWork(t, j)
	if all, err := j.Spend(bg, newClock().now()); err != nil || len(all) != 1 || all[0].USD != 0.5 {
		t.Errorf("spend: %+v, %v", all, err)
	}
}

func holdsWork(t *testing.T, j *Journal) {
	t.Helper()
	if p, err := pagesOf(j, bg, "aa", "v"); err != nil || string(p[1]) != "page one" {
		t.Errorf("pages: %v, %v", p, err)
	}
	if c, ok, err := j.Get(bg, "k"); err != nil || !ok || c.Text != "step" || c.TokensOut != 2 {
		t.Errorf("step: %+v %v, %v", c, ok, err)
	}
}

// Journals written by every released schema open, upgraded, with all they hold.
func TestUpgradesOldJournals(t *testing.T) {
	t.Parallel()
	steps, err := migrations(migrationFiles)
	check(t, err)
	if *update {
		writeGolden(t, len(steps))
	}
	for v := 1; v <= len(steps); v++ {
		path := filepath.Join(t.TempDir(), "j.db")
		unzip(t, fmt.Sprintf("testdata/v%d.db.gz", v), path)
		j := open(t, path, Options{Now: newClock().now})
		holds(t, j)
		var version int
		check(t, j.read.QueryRow(`PRAGMA user_version`).Scan(&version))
		if version != len(steps) || j.setAside != nil {
			t.Errorf("v%d: now %d, set aside %v", v, version, j.setAside)
		}
		fill(t, j) // still writable, and saying the same again is harmless
	}
}

func writeGolden(t *testing.T, version int) {
	path := filepath.Join(t.TempDir(), "j.db")
	j := open(t, path, Options{Now: newClock().now})
	fill(t, j)
	check(t, j.Close())
	body, err := os.ReadFile(path)
	check(t, err)
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	_, err = w.Write(body)
	check(t, errors.Join(err, w.Close()))
	check(t, os.WriteFile(fmt.Sprintf("testdata/v%d.db.gz", version), buf.Bytes(), 0o644))
}

func unzip(t *testing.T, from, to string) {
	t.Helper()
	f, err := os.Open(from)
	check(t, err)
	defer f.Close()
	r, err := gzip.NewReader(f)
	check(t, err)
	body, err := io.ReadAll(r)
	check(t, err)
	check(t, os.WriteFile(to, body, 0o600))
}

// A migration that fails in its middle leaves the journal as it was, and the next try succeeds.
func TestFailedMigrationChangesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	j := open(t, path, Options{Now: newClock().now})
	fill(t, j)
	check(t, j.Close())
	steps, err := migrations(migrationFiles)
	check(t, err)
	next := len(steps) + 1
	bad := append(steps[:len(steps):len(steps)], migration{next, "bad", `CREATE TABLE extra (x); DELETE FROM steps; INSERT INTO nowhere VALUES (1);`})
	if _, err := Open(bg, path, Options{migrations: bad}); err == nil {
		t.Fatal("a broken migration was accepted")
	}
	j = open(t, path, Options{Now: newClock().now})
	holds(t, j)
	check(t, j.Close())
	good := append(steps[:len(steps):len(steps)], migration{next, "good", `CREATE TABLE extra (x) STRICT;`})
	good[next-1].sql = `CREATE TABLE extra (x TEXT) STRICT;`
	j, err = Open(bg, path, Options{Now: newClock().now, migrations: good})
	check(t, err)
	holds(t, j)
	check(t, j.Close())

	_, err = Open(bg, path, Options{})
	if !errors.Is(err, ErrNewerSchema) || !strings.Contains(err.Error(), "upgrade this agent") {
		t.Errorf("an older agent: %v", err)
	}
	if _, err := OpenReadOnly(bg, path); !errors.Is(err, ErrNewerSchema) {
		t.Errorf("an older agent's status: %v", err)
	}
}

func TestMigrationsMustBeInOrder(t *testing.T) {
	t.Parallel()
	_, err := migrations(fstest.MapFS{"migrations/001_a.sql": {}, "migrations/003_b.sql": {}})
	if err == nil || !strings.Contains(err.Error(), "003_b.sql is out of order: expected number 2") {
		t.Error(err)
	}
}

// Damage of every kind: a new journal is made, the old one is kept, and the caller hears of it.
func TestCorruptIsSetAside(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(b []byte) []byte{
		"not a database":   func(b []byte) []byte { return bytes.Repeat([]byte("garbage!"), 2000) },
		"short garbage":    func(b []byte) []byte { return []byte("x") },
		"header destroyed": func(b []byte) []byte { copy(b, "XXXXXXXXXXXXXXXXXXXX"); return b },
		"schema destroyed": func(b []byte) []byte { return scribble(b, 100, 4096) },
		"truncated":        func(b []byte) []byte { return b[:len(b)/2] },
		"every later page": func(b []byte) []byte { return scribble(b, 4096, len(b)) },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "j.db")
			j := open(t, path, Options{Now: newClock().now})
			fill(t, j)
			check(t, j.Close())
			body, err := os.ReadFile(path)
			check(t, err)
			broken := damage(bytes.Clone(body))
			check(t, os.WriteFile(path, broken, 0o600))
			var told *SetAside
			j = open(t, path, Options{Now: newClock().now, OnCorrupt: func(s SetAside) { told = &s }})
			if told == nil || j.setAside == nil || *told != *j.setAside || told.Reason == "" {
				t.Fatalf("told %+v, kept %+v", told, j.setAside)
			}
			if want := path + ".corrupt-20261123T120000Z"; told.Path != want {
				t.Errorf("set aside as %s, want %s", told.Path, want)
			}
			if kept, err := os.ReadFile(told.Path); err != nil || !bytes.Equal(kept, broken) {
				t.Errorf("the damaged file was not kept as it was: %v, %d of %d bytes", err, len(kept), len(broken))
			}
			check(t, j.Put(bg, "new", llm.Completion{Text: "works"}))
			check(t, j.Close())
			again := open(t, path, Options{Now: newClock().now})
			if _, ok, err := again.Get(bg, "new"); !ok || err != nil || again.setAside != nil {
				t.Errorf("the new journal does not last: %v %v %v", ok, err, again.setAside)
			}
		})
	}
}

func scribble(b []byte, from, to int) []byte {
	for i := from; i < to && i < len(b); i++ {
		b[i] = byte(i*7 + 3)
	}
	return b
}

// The log goes with its database: left behind, it would be replayed into the new one.
func TestSetAsideTakesTheLog(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		check(t, os.WriteFile(path+suffix, []byte("x"+suffix), 0o600))
	}
	aside, err := moveAside(path, newClock().now())
	check(t, err)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if b, err := os.ReadFile(aside.Path + suffix); err != nil || string(b) != "x"+suffix || exists(path+suffix) {
			t.Errorf("%q: %q, %v, still there: %v", suffix, b, err, exists(path+suffix))
		}
	}
}

// A second damaged journal within the same second does not overwrite the first.
func TestSetAsideTwice(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	var places []string
	for range 2 {
		check(t, os.WriteFile(path, bytes.Repeat([]byte("garbage!"), 2000), 0o600))
		j := open(t, path, Options{Now: newClock().now})
		places = append(places, j.setAside.Path)
		check(t, j.Close())
	}
	if places[0] == places[1] || !exists(places[0]) || !exists(places[1]) {
		t.Errorf("%v", places)
	}
}

// Damage in one table does not cost what the others hold: above all undelivered results.
func TestSalvage(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	j := open(t, path, Options{Now: newClock().now})
	fill(t, j)
	for i := range 500 {
		check(t, j.PutPage(bg, "big", "v", i+1, []byte(fmt.Sprint(i, "-", strings.Repeat(fmt.Sprint(i), 300)))))
	}
	var root int
	check(t, j.read.QueryRow(`SELECT rootpage FROM sqlite_schema WHERE name='pages'`).Scan(&root))
	id, err := j.ResultIDSoon(bg, site, 1, "ab")
	check(t, err)
	_, err = j.ReserveSpend(bg, aDocument, Spending{Provider: "openai", Model: "m", TokensIn: 10, USD: 1}, always) // beside what fill has spent
	check(t, err)
	check(t, j.Close())
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	check(t, err)
	_, err = f.WriteAt(bytes.Repeat([]byte{0xee}, 4096), int64(root-1)*4096)
	check(t, errors.Join(err, f.Close()))

	j = open(t, path, Options{Now: newClock().now})
	aside := j.setAside
	if aside == nil || aside.Saved.Outbox != 1 || aside.Saved.Steps != 1 || aside.Saved.Results != 1 {
		t.Fatalf("saved %+v", aside)
	}
	if due, err := j.Due(bg, "", j.now()); err != nil || len(due) != 1 || string(due[0].Body) != `{"id":"r"}` {
		t.Errorf("the undelivered result is gone: %+v, %v", due, err)
	}
	if again, err := j.ResultIDSoon(bg, site, 1, "ab"); err != nil || again != id {
		t.Errorf("the result id is gone: %s, %v", again, err)
	}
	if got, err := j.SpendTotals(bg, aDocument); err != nil || got.Day != (Spent{10, 1.5}) || got.Document != got.Day {
		t.Errorf("the caps have forgotten what was spent: %+v, %v", got, err)
	}
}

// Damage that shows only while working is a clear error, and the next start sets the file aside.
func TestDamageFoundWhileWorking(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	j := open(t, path, Options{})
	fill(t, j)
	check(t, j.Compact(bg)) // everything in the file, nothing in the log
	body, err := os.ReadFile(path)
	check(t, err)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	check(t, err)
	_, err = f.WriteAt(scribble(bytes.Clone(body), 4096, len(body))[4096:], 4096)
	check(t, errors.Join(err, f.Close()))
	fresh, err := sql.Open("sqlite", dsn(path, readerQuery)) // a new connection has no cached pages
	check(t, err)
	old := j.read
	j.read = &reader{DB: fresh}
	_ = old.Close()
	_, err = j.Jobs(bg)
	if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "restart the agent") {
		t.Fatalf("reading a damaged journal: %v", err)
	}
	_ = j.Close()
	if again := open(t, path, Options{}); again.setAside == nil {
		t.Error("the next start did not set it aside")
	}
}

// A wrong path must not make the agent eat another program's database.
func TestForeignDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "other.db")
	db, err := sql.Open("sqlite", "file:"+path)
	check(t, err)
	_, err = db.Exec(`CREATE TABLE customers (name TEXT); INSERT INTO customers VALUES ('x')`)
	check(t, errors.Join(err, db.Close()))
	before, err := os.ReadFile(path)
	check(t, err)
	if _, err := Open(bg, path, Options{}); !errors.Is(err, ErrNotJournal) {
		t.Fatalf("another program's database: %v", err)
	}
	db, err = sql.Open("sqlite", "file:"+path)
	check(t, err)
	defer db.Close()
	var tables int
	check(t, db.QueryRow(`SELECT count(*) FROM sqlite_schema`).Scan(&tables))
	if after, _ := os.ReadFile(path); len(after) != len(before) || tables != 1 {
		t.Error("it was changed")
	}
}

func TestDiskFull(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	j := open(t, path, Options{MaxBytes: 1 << 20})
	check(t, j.PutPage(bg, "aa", "v", 1, []byte("kept")))
	err := j.PutPage(bg, "aa", "v", 2, randomBytes(2<<20))
	if !errors.Is(err, ErrDiskFull) || !strings.Contains(err.Error(), "free disk space") {
		t.Fatalf("a page that does not fit: %v", err)
	}
	check(t, j.PutPage(bg, "aa", "v", 3, []byte("small")))
	if got, err := pagesOf(j, bg, "aa", "v"); err != nil || len(got) != 2 || got[2] != nil {
		t.Errorf("pages: %v, %v", got, err)
	}
}

func TestFileModesAndOddPaths(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "a b?c#d%20é.db")
	j := open(t, path, Options{})
	fill(t, j)
	for p, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700, path + ".lock": 0o600, path + "-wal": 0o600} {
		fi, err := os.Stat(p)
		if err != nil || fi.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", p, fi, err)
		}
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	check(t, err)
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), filepath.Base(path)) {
			t.Errorf("a stray file: %s", e.Name())
		}
	}
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	if _, err := OpenReadOnly(bg, path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing journal: %v", err)
	}
	j := open(t, path, Options{Now: newClock().now})
	fill(t, j)
	r, err := OpenReadOnly(bg, path)
	check(t, err)
	holds(t, r)
	check(t, j.Put(bg, "later", llm.Completion{}))
	if _, ok, err := r.Get(bg, "later"); !ok || err != nil {
		t.Errorf("a reader does not see what came later: %v, %v", ok, err)
	}
	if err := r.Put(bg, "x", llm.Completion{}); !errors.Is(err, ErrReadOnly) {
		t.Errorf("writing: %v", err)
	}
	if err := r.Compact(bg); !errors.Is(err, ErrReadOnly) {
		t.Errorf("compacting: %v", err)
	}
	check(t, r.Close())
	check(t, j.Close())
	r, err = OpenReadOnly(bg, path) // no agent runs
	check(t, err)
	holds(t, r)
	check(t, r.Close())
}

func TestOpenHonoursContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(bg)
	cancel()
	path := filepath.Join(t.TempDir(), "j.db")
	if _, err := Open(ctx, path, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	open(t, path, Options{}) // the lock was given back
}
