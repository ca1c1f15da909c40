package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"golang.org/x/term"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/agent/trace"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// load reads the configuration the way every command does.
func load(e *env, c *commands) (*config.Config, error) {
	cfg, err := read(c)
	if err == nil && os.Getenv("GOMEMLIMIT") == "" { // else somebody knows better
		debug.SetMemoryLimit(int64(cfg.Limits.Memory))
	}
	return cfg, err
}

// read is load for an agent that runs: its memory stays what it is. What is in set wins over all else.
func read(c *commands, set ...string) (*config.Config, error) {
	src := config.Source{Path: c.Config, Environ: os.Environ()}
	for field, value := range c.Set {
		src.Set = append(src.Set, field+"="+value)
	}
	if c.DataDir != "" {
		src.Set = append(src.Set, "data_dir="+c.DataDir)
	}
	src.Set = append(src.Set, set...)
	cfg, err := config.Load(src)
	if err != nil {
		return nil, withCode(exitUsage, err)
	}
	return cfg, nil
}

// newLogger writes to standard error: JSON for machines, text where a person watches.
func newLogger(e *env, cfg *config.Config, level slog.Leveler) *slog.Logger {
	opt := &slog.HandlerOptions{Level: level}
	if cfg.Log.Format == "text" {
		return slog.New(slog.NewTextHandler(e.stderr, opt))
	}
	return slog.New(slog.NewJSONHandler(e.stderr, opt))
}

// isTerminal reports whether w is a terminal that shows progress lines well.
func isTerminal(w io.Writer) bool {
	f, ok := bare(w).(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// makeDirs creates the private folders of the agent.
func makeDirs(cfg *config.Config) error {
	for _, d := range []string{cfg.DataDir, cfg.WorkDir(), filepath.Join(cfg.WorkDir(), "spool"), filepath.Join(cfg.WorkDir(), "extract")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return withCode(exitMachine, fmt.Errorf("cannot create %s: %w; set data_dir to a folder this user may write", d, err))
		}
	}
	return nil
}

func openJournal(ctx context.Context, path string, cfg *config.Config, log *slog.Logger) (*journal.Journal, error) {
	j, err := journal.Open(ctx, path, journal.Options{
		MaxBytes: int64(cfg.Journal.MaxBytes),
		OnCorrupt: func(s journal.SetAside) {
			log.Error("the journal was damaged and set aside; a new one was started. Sites hand out again what was in work",
				"moved_to", s.Path, "reason", s.Reason, "saved_outbox", s.Saved.Outbox, "saved_pages", s.Saved.Pages, "saved_steps", s.Saved.Steps)
		},
	})
	if err != nil {
		return nil, withCode(exitMachine, err)
	}
	return j, nil
}

func newExtractor(cfg *config.Config, log *slog.Logger) (*extract.Pool, error) {
	p, err := extract.New(extract.Config{
		Workers:     cfg.Extract.Workers,
		WorkDir:     filepath.Join(cfg.WorkDir(), "extract"),
		Languages:   cfg.Extract.Languages,
		MaxBytes:    int64(cfg.Extract.MaxBytes),
		MaxPages:    cfg.Extract.MaxPages,
		MaxPixels:   int(cfg.Extract.MaxPixels),
		MemoryMiB:   cfg.Extract.MemoryMiB,
		PageTimeout: cfg.Extract.PageTimeout.D(),
		Sandbox:     extract.Sandbox(cfg.Extract.Sandbox),
		Logger:      log,
	})
	if err != nil {
		return nil, withCode(exitMachine, err)
	}
	return p, nil
}

// styles are the profiles that fit a site with these labels; "" fits those of every site alone.
func styles(cfg *config.Config, site string, labels []string) func(mime string) llm.Style {
	return func(mime string) llm.Style {
		p := cfg.Summary.Profile(site, labels, mime)
		return llm.Style{Language: p.Language, Length: llm.Length(p.Length), Tone: llm.Tone(p.Tone), Instructions: p.Instructions}
	}
}

func privacy(cfg *config.Config) llm.Privacy {
	return llm.Privacy{Redact: cfg.Privacy.Redact, Patterns: cfg.Privacy.Patterns, TrustedHosts: cfg.Privacy.TrustedHosts}
}

func openStore(ctx context.Context, cfg *config.Config) (objectstore.Store, error) {
	if cfg.Store.Kind == config.StoreDir {
		d, err := objectstore.OpenDir(cfg.Store.Dir.Path)
		if err != nil {
			return nil, withCode(exitMachine, err)
		}
		return d, nil
	}
	s := cfg.Store.S3
	st, err := objectstore.OpenS3(ctx, objectstore.S3Options{
		Bucket: s.Bucket, Region: s.Region, Endpoint: s.Endpoint, PathStyle: s.PathStyle, Prefix: s.Prefix,
		AccessKeyID: s.AccessKeyID, SecretAccessKey: s.SecretAccessKey.Reveal(), SSE: s.SSE, SSEKMSKeyID: s.SSEKMSKeyID,
		StorageClass: s.StorageClass, Brief: artifact.IsBrief, Tags: s.Tags, Checksum: checksum(s.ChecksumToUse()),
	})
	if err != nil {
		return nil, withCode(exitUsage, err)
	}
	return st, nil
}

// newTracer is nil where no collector is named.
func newTracer(cfg *config.Config, version string, log *slog.Logger) (*trace.Tracer, error) {
	if cfg.Tracing.Endpoint == "" {
		return nil, nil
	}
	t, err := trace.New(trace.Options{Endpoint: cfg.Tracing.Endpoint, Headers: cfg.Tracing.HeaderMap(), Sample: cfg.Tracing.Sample, Version: version, Instance: cfg.Agent.Name, Log: log})
	if err != nil {
		return nil, withCode(exitUsage, err)
	}
	return t, nil
}

func checksum(name string) objectstore.Checksum {
	if name == config.ChecksumNone {
		return objectstore.ChecksumNone
	}
	return objectstore.Checksum(name)
}

func agentInfo(cfg *config.Config, version string) wpclient.AgentInfo {
	host, _ := os.Hostname()
	return wpclient.AgentInfo{Name: cfg.Agent.Name, Version: version, Host: host, OS: runtime.GOOS, Arch: runtime.GOARCH}
}

func clientOptions(site config.Site, log *slog.Logger, version string) wpclient.Options {
	return wpclient.Options{Version: version, InsecureHTTP: site.InsecureHTTP, AllowLoopback: site.AllowLoopback, RESTRoot: site.RESTRoot, Annotate: trace.Header, Logger: log}
}

// connect makes the client of one joined site.
func connect(site config.Site, log *slog.Logger, version string) (*siteConn, error) {
	key, err := config.LoadKey(site.KeyFile)
	if err != nil {
		return nil, withCode(exitUsage, err)
	}
	wpKey, err := keyOf(key)
	if err != nil {
		return nil, err
	}
	if key.Site != site.URL {
		return nil, withCode(exitUsage, fmt.Errorf("%s is the key of %s, not of %s: correct key_file, or join the site again", site.KeyFile, key.Site, site.URL))
	}
	if site.RESTRoot == "" && key.RootFrom == config.RootOperator {
		site.RESTRoot = key.RESTRoot
	}
	return newSiteConn(wpKey, key, site, clientOptions(site, log, version)), nil
}

var errNoSite = errors.New("no site is joined yet: create an agent in WordPress (Document Summaries → Agents) and run the join command it shows")

// connectAll makes the clients of all joined sites. One whose key cannot be used is left out, with a sentence in the log; an error comes where
// none is left.
func connectAll(cfg *config.Config, log *slog.Logger, version string) ([]*siteConn, error) {
	var out []*siteConn
	var first error
	refuse := func(file string, err error) {
		first = cmp.Or(first, err)
		log.Error("a key file cannot be used; its site is not worked for until it is right", "key_file", file, "error", err.Error())
	}
	for _, b := range cfg.BadKeys {
		refuse(b.File, withCode(exitUsage, b.Err))
	}
	for _, s := range cfg.Sites {
		c, err := connect(s, log, version)
		if err != nil {
			refuse(s.KeyFile, err)
			continue
		}
		out = append(out, c)
	}
	switch {
	case len(out) > 0:
		return out, nil
	case first != nil:
		return nil, first
	}
	return nil, withCode(exitUsage, errNoSite)
}

func joinNames(list []string) string { return strings.Join(list, ", ") }
