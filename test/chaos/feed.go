package chaos

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

//go:embed feed.php
var feedPHP []byte

// upload gives documents to WordPress in one PHP process and returns those that WordPress accepted, by attachment. A
// person whose upload fails sees an error: such a document was never promised anything.
func (s *Site) upload(ctx context.Context, dir string, docs []Doc) (map[int64]Doc, error) {
	script := filepath.Join(dir, "feed.php")
	if err := os.WriteFile(script, feedPHP, 0o644); err != nil {
		return nil, err
	}
	var list strings.Builder
	by := map[string]Doc{}
	for _, d := range docs {
		by[d.Name] = d
		fmt.Fprintln(&list, filepath.Join(dir, d.Name))
	}
	var out, stderr strings.Builder
	cmd := exec.CommandContext(ctx, "php", "-d", "display_errors=0", script, s.Root)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(list.String()), &out, &stderr
	err := cmd.Run()
	accepted := map[int64]Doc{}
	for lines := bufio.NewScanner(strings.NewReader(out.String())); lines.Scan(); {
		id, name, ok := strings.Cut(lines.Text(), "\t")
		if n, perr := strconv.ParseInt(id, 10, 64); ok && perr == nil {
			accepted[n] = by[name]
		}
	}
	if err != nil {
		err = fmt.Errorf("upload: %w: %s", err, strings.TrimSpace(stderr.String()))
	}
	return accepted, err
}

// feed uploads until n documents are accepted, never more ahead of the agents than they can take up soon: what then
// waits, waits for an agent and not behind a thousand others. Nor does it run ahead of the faults: each is to meet an
// agent at work.
func (w *World) feed(ctx context.Context, n int) error {
	ahead := int64(w.Size.Agents * w.Slots)
	for w.accepted() < n {
		if ctx.Err() != nil {
			return fmt.Errorf("%d of %d documents were uploaded in time: %w", w.accepted(), n, ctx.Err())
		}
		waiting, err := w.Site.Number("SELECT COUNT(*) FROM {p}aidoc_jobs WHERE state = 'queued' AND attempt = 0")
		if err != nil || waiting >= ahead || w.accepted() >= w.due(n) { // the database may be down
			pause(ctx, 200*time.Millisecond)
			continue
		}
		batch := min(int(ahead-waiting)+1, 24, n-w.accepted())
		docs, err := WriteDocs(filepath.Join(w.Dir, "docs"), w.docs, batch, w.Plan.Seed)
		if err != nil {
			return err
		}
		w.docs += batch
		got, err := w.Site.upload(ctx, filepath.Join(w.Dir, "docs"), docs)
		w.mu.Lock()
		for id, d := range got {
			w.facts.Accepted[id] = d
		}
		w.mu.Unlock()
		if err != nil {
			w.Say("an upload was refused: %.200s", err.Error())
			pause(ctx, 500*time.Millisecond)
		}
	}
	return nil
}

// due is how many of n documents may have been uploaded by now.
func (w *World) due(n int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return min(n, int(w.begun*float64(n))+w.Size.Agents*w.Slots)
}

func (w *World) accepted() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.facts.Accepted)
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
