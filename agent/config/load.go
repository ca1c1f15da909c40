package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Source says where a configuration comes from.
type Source struct {
	// Path of the YAML file; it must exist. "" looks in the usual places and is content with none.
	Path string
	// Environ is the environment as os.Environ gives it.
	Environ []string
	// Set are overrides "field.path=value" from flags; they win.
	Set []string
}

// Load builds the configuration: defaults, file, AIDOC_* variables, overrides, then what the
// machine and the usual variables (OPENAI_API_KEY …) supply, then Validate.
func Load(src Source) (*Config, error) {
	env := environment(src.Environ)
	cfg := Default()
	if err := cfg.readFile(src.Path, env); err != nil {
		return nil, err
	}
	if err := cfg.applyEnvironment(env); err != nil {
		return nil, err
	}
	for _, o := range src.Set {
		path, value, ok := strings.Cut(o, "=")
		if !ok {
			return nil, fmt.Errorf("override %q: write it as field.path=value", o)
		}
		if err := cfg.Set(strings.TrimSpace(path), value); err != nil {
			return nil, err
		}
		cfg.note(strings.TrimSpace(path), FromFlag)
	}
	if err := cfg.noteChanges(FromMachine, func() error { return cfg.resolve(env) }); err != nil {
		return nil, err
	}
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return cfg, nil
}

func (c *Config) readFile(path string, env map[string]string) error {
	if path == "" {
		path = env["AIDOC_CONFIG"]
	}
	if path == "" {
		path = findFile(env)
	}
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no configuration file %s: check the path, or start from configs/agent.example.yaml", path)
	}
	if err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	c.Path = path
	if err := c.Parse(path, data); err != nil {
		return err
	}
	c.noteFile(path, data)
	if fi, err := os.Stat(path); err == nil && fi.Mode().Perm()&0o044 != 0 && c.holdsSecret() {
		c.Warnings = append(c.Warnings, Warning{Text: path + " holds a secret and other users can read it", Cure: "chmod 600 " + path})
	}
	return nil
}

func (c *Config) holdsSecret() bool {
	return c.Summary.APIKey != "" || c.Store.S3.SecretAccessKey != "" || slices.ContainsFunc(c.Sites, func(s Site) bool { return s.S3.SecretAccessKey != "" }) ||
		slices.ContainsFunc(c.Models, func(m Model) bool { return m.APIKey != "" })
}

// findFile returns the first of the usual files that exists, or "".
func findFile(env map[string]string) string {
	var places []string
	if dir := env["XDG_CONFIG_HOME"]; dir != "" {
		places = append(places, filepath.Join(dir, "aidoc-agent", "agent.yaml"))
	} else if home := env["HOME"]; home != "" {
		places = append(places, filepath.Join(home, ".config", "aidoc-agent", "agent.yaml"))
	}
	for _, p := range append(places, "/etc/aidoc-agent/agent.yaml") {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	return ""
}

func environment(environ []string) map[string]string {
	env := make(map[string]string, len(environ))
	for _, e := range environ {
		if k, v, ok := strings.Cut(e, "="); ok {
			env[k] = v
		}
	}
	return env
}
