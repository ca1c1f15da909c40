package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
)

type cacheCmd struct {
	LS cacheLsCmd `cmd:"" name:"ls" help:"List the documents whose pages are kept, and what else takes room."`
	RM cacheRmCmd `cmd:"" name:"rm" help:"Forget the pages of documents, which are read again when they are needed. The agent must be stopped."`
}

type cacheLsCmd struct {
	All bool `help:"List every document, not only the 20 largest."`
}

const cacheListed = 20

// Run lists what is kept; a running agent is not disturbed.
func (l *cacheLsCmd) Run(e *env, c *commands) error {
	cfg, err := load(e, c)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	if err := l.documents(e, cfg, w); err != nil {
		return withCode(exitMachine, err)
	}
	fmt.Fprintf(w, "\nspool and readers' folders\t%s\t%s\n", kib(folderBytes(cfg.WorkDir())), cfg.WorkDir())
	if cfg.Store.Kind == config.StoreDir {
		fmt.Fprintf(w, "store\t%s\t%s\n", kib(folderBytes(cfg.Store.Dir.Path)), cfg.Store.Dir.Path)
	}
	return nil
}

func (l *cacheLsCmd) documents(e *env, cfg *config.Config, w *tabwriter.Writer) error {
	j, err := journal.OpenReadOnly(e.ctx, cfg.JournalPath())
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintln(w, "no journal yet")
		return nil
	}
	if err != nil {
		return err
	}
	defer j.Close()
	docs, err := j.CachedDocuments(e.ctx)
	if err != nil {
		return err
	}
	answers, bytes, err := j.CachedAnswers(e.ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "sha256\tpages\tsize\tlast used\tfile")
	for i, d := range docs {
		if i == cacheListed && !l.All {
			fmt.Fprintf(w, "… %d more (--all)\n", len(docs)-i)
			break
		}
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\n", d.SHA256, d.Pages, kib(d.Bytes), d.UsedAt.Format(time.DateOnly), clean(d.Names))
	}
	fmt.Fprintf(w, "\njournal\t%s\t%s\n", kib(j.Bytes()), cfg.JournalPath())
	fmt.Fprintf(w, "of it answers of models\t%s\t%d\n", kib(bytes), answers)
	return nil
}

type cacheRmCmd struct {
	SHA256    []string        `arg:"" optional:"" name:"sha256" help:"Documents, as cache ls names them; the beginning of a digest is enough where it is of one document."`
	OlderThan config.Duration `help:"Whatever was last used before that: pages, answers of models, jobs that ended, as housekeeping does." placeholder:"30d"`
}

// Run forgets. The journal belongs to one process at a time: beside a running agent it says so.
func (r *cacheRmCmd) Run(e *env, c *commands) error {
	cfg, err := load(e, c)
	if err != nil {
		return err
	}
	if len(r.SHA256) == 0 && r.OlderThan == 0 {
		return withCode(exitUsage, errors.New("name documents by their sha256 (`aidoc-agent cache ls` lists them), or give --older-than"))
	}
	j, err := openJournal(e.ctx, cfg.JournalPath(), cfg, newLogger(e, cfg, levelOf(cfg)))
	if err != nil {
		return err
	}
	defer j.Close()
	for _, name := range r.SHA256 {
		if err := forget(e, j, name); err != nil {
			return err
		}
	}
	if r.OlderThan > 0 {
		p, err := j.Purge(e.ctx, time.Now().Add(-r.OlderThan.D()))
		if err != nil {
			return withCode(exitMachine, err)
		}
		fmt.Fprintf(e.stdout, "forgotten: %d documents, %d answers of models, %d jobs\n", p.Documents, p.Steps, p.Jobs)
	}
	return withCode(exitMachine, j.Compact(e.ctx))
}

func forget(e *env, j *journal.Journal, beginning string) error {
	docs, err := j.CachedDocuments(e.ctx)
	if err != nil {
		return withCode(exitMachine, err)
	}
	found := map[string]bool{}
	for _, d := range docs {
		if beginning != "" && strings.HasPrefix(d.SHA256, strings.ToLower(beginning)) {
			found[d.SHA256] = true
		}
	}
	if len(found) != 1 {
		return withCode(exitUsage, fmt.Errorf("%q is the beginning of %d documents: `aidoc-agent cache ls --all` has their digests", beginning, len(found)))
	}
	for sha := range found {
		_, err = j.Forget(e.ctx, sha)
		if errors.Is(err, journal.ErrInWork) {
			return withCode(exitUsage, fmt.Errorf("%s is in work: its pages are needed when the agent goes on", sha))
		}
		if err != nil {
			return withCode(exitMachine, err)
		}
		fmt.Fprintln(e.stdout, "forgotten:", sha)
	}
	return nil
}

// folderBytes adds up the files below a folder; what cannot be read counts as nothing.
func folderBytes(dir string) (n int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if fi, err := d.Info(); err == nil && fi.Mode().IsRegular() {
			n += fi.Size()
		}
		return nil
	})
	return n
}

func kib(n int64) string { return fmt.Sprintf("%d KiB", (n+1023)>>10) }
