package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
)

type configCmd struct {
	Check configCheckCmd `cmd:"" help:"Read the configuration as the agent would, and name every mistake."`
	Show  configShowCmd  `cmd:"" help:"Print every field with its value, without secrets, and where it comes from."`
}

type configCheckCmd struct{}

// Run says whether the agent would start with this configuration; exit code 2 when it would not.
func (*configCheckCmd) Run(e *env, c *commands) error {
	cfg, err := load(e, c)
	if err != nil {
		return err
	}
	for _, w := range cfg.Warnings {
		fmt.Fprintln(e.stdout, "note:", clean(w.String()))
	}
	for _, b := range cfg.BadKeys {
		fmt.Fprintln(e.stdout, "note:", clean(b.Err.Error()))
	}
	from := cfg.Path
	if from == "" {
		from = "no file; defaults and environment"
	}
	fmt.Fprintf(e.stdout, "the configuration is right (%s); sites: %d\n", from, len(cfg.Sites))
	return nil
}

type configShowCmd struct {
	JSON bool `help:"Print it as JSON."`
	Own  bool `help:"Leave out what is as built in."`
}

// Run prints the configuration in force. The value of a secret is never shown, only that there is one.
func (s *configShowCmd) Run(e *env, c *commands) error {
	cfg, err := load(e, c)
	if err != nil {
		return err
	}
	all, err := cfg.Show()
	if err != nil {
		return err
	}
	if s.Own {
		all = notDefault(all)
	}
	if s.JSON {
		enc := json.NewEncoder(e.document())
		enc.SetIndent("", "  ")
		return enc.Encode(all)
	}
	for _, f := range all {
		for line := range strings.SplitSeq(f.Lines(), "\n") {
			fmt.Fprintln(e.stdout, clean(line))
		}
	}
	return nil
}

func notDefault(all []config.Shown) (out []config.Shown) {
	for _, f := range all {
		if f.From != config.FromDefault {
			out = append(out, f)
		}
	}
	return out
}
