package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// resolve fills what is still empty from the machine, from secret files and from the usual variables.
func (c *Config) resolve(env map[string]string) error {
	if c.DataDir == "" {
		c.DataDir = defaultDataDir(env)
	}
	if c.DataDir == "" {
		return &FieldError{"data_dir", "is not set and there is no home folder: set data_dir, or AIDOC_DATA_DIR"}
	}
	abs, err := filepath.Abs(c.DataDir)
	if err != nil {
		return &FieldError{"data_dir", err.Error()}
	}
	c.DataDir = abs
	if c.Store.Dir.Path == "" {
		c.Store.Dir.Path = filepath.Join(c.DataDir, "store")
	}
	if c.Extract.Workers == 0 {
		c.Extract.Workers = max(runtime.NumCPU(), 1)
	}
	if c.Agent.Name == "" {
		c.Agent.Name, _ = os.Hostname()
	}
	if err := readSecretFile("summary.api_key_file", c.Summary.APIKeyFile, &c.Summary.APIKey); err != nil {
		return err
	}
	if err := readSecretFile("store.s3.secret_access_key_file", c.Store.S3.SecretAccessKeyFile, &c.Store.S3.SecretAccessKey); err != nil {
		return err
	}
	if err := c.resolveModels(env); err != nil {
		return err
	}
	c.useUsualNames(env)
	return c.resolveSites()
}

// defaultDataDir is where state belongs: what systemd made for the unit, else the user's state folder.
func defaultDataDir(env map[string]string) string {
	if dir, _, _ := strings.Cut(env["STATE_DIRECTORY"], ":"); dir != "" {
		return dir
	}
	if dir := env["XDG_STATE_HOME"]; filepath.IsAbs(dir) {
		return filepath.Join(dir, "aidoc-agent")
	}
	if home := env["HOME"]; home != "" {
		return filepath.Join(home, ".local", "state", "aidoc-agent")
	}
	return ""
}

// useUsualNames takes the variables that other tools use, where nothing else was said: they are
// ambient, so an explicit setting always wins. AWS_* is left to the AWS SDK's own chain.
func (c *Config) useUsualNames(env map[string]string) {
	s := &c.Summary
	switch s.Provider {
	case ProviderOpenAI:
		if s.BaseURL == "" {
			s.BaseURL = env["OPENAI_BASE_URL"]
		}
		if s.APIKey == "" {
			s.APIKey = Secret(env["OPENAI_API_KEY"])
		}
	case ProviderAnthropic:
		if s.BaseURL == "" {
			s.BaseURL = env["ANTHROPIC_BASE_URL"]
		}
		if s.APIKey == "" {
			s.APIKey = Secret(env["ANTHROPIC_API_KEY"])
		}
	}
}

// maxSecretFile bounds a file that is named by mistake (a log, a device).
const maxSecretFile = 64 << 10

func readSecretFile(field, path string, into *Secret) error {
	if path == "" {
		return nil
	}
	if *into != "" {
		return &FieldError{field, "is set together with " + strings.TrimSuffix(field, "_file") + ": keep one of the two"}
	}
	fi, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &FieldError{field, "there is no file " + path}
	case err != nil:
		return &FieldError{field, err.Error()}
	case !fi.Mode().IsRegular() || fi.Size() > maxSecretFile:
		return &FieldError{field, path + " is not a small regular file"}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return &FieldError{field, err.Error()}
	}
	*into = Secret(strings.TrimSpace(string(b)))
	if *into == "" {
		return &FieldError{field, path + " is empty"}
	}
	return nil
}

// SitesDir is where `join` puts keys.
func (c *Config) SitesDir() string { return filepath.Join(c.DataDir, "sites") }

// JournalPath is the journal's file.
func (c *Config) JournalPath() string { return filepath.Join(c.DataDir, "journal.db") }

// WorkDir holds downloads and other files of jobs in progress.
func (c *Config) WorkDir() string { return filepath.Join(c.DataDir, "work") }

// resolveSource gives a site that names no S3 server of its own the one that is written to.
func (c *Config) resolveSource(secretFile string, s *S3Source) error {
	if *s == (S3Source{}) && c.Store.Kind == StoreS3 {
		t := c.Store.S3
		*s = S3Source{Endpoint: t.Endpoint, Region: t.Region, PathStyle: t.PathStyle, AccessKeyID: t.AccessKeyID, SecretAccessKey: t.SecretAccessKey}
		return nil
	}
	return readSecretFile(secretFile, s.SecretAccessKeyFile, &s.SecretAccessKey)
}

// resolveSites fills key_file, or, where no site is named, makes every key file a site. One that cannot be used costs its site alone.
func (c *Config) resolveSites() error {
	for i := range c.Sites {
		s := &c.Sites[i]
		url, err := CanonicalSite(s.URL)
		if err != nil {
			return &FieldError{fmt.Sprintf("sites[%d].url", i), err.Error()}
		}
		s.URL = url
		if s.KeyFile == "" {
			s.KeyFile = c.KeyFile(url)
		}
		if err := c.resolveSource(fmt.Sprintf("sites[%d].s3.secret_access_key_file", i), &s.S3); err != nil {
			return err
		}
	}
	if len(c.Sites) > 0 {
		return nil
	}
	files, err := filepath.Glob(filepath.Join(c.SitesDir(), "*.json"))
	if err != nil {
		return fmt.Errorf("look for joined sites: %w", err)
	}
	for _, f := range files {
		key, err := LoadKey(f)
		if err != nil {
			c.BadKeys = append(c.BadKeys, BadKey{File: f, Err: err})
			continue
		}
		c.Sites = append(c.Sites, Site{URL: key.Site, KeyFile: f, InsecureHTTP: key.InsecureHTTP, AllowLoopback: key.AllowLoopback})
	}
	return nil
}
