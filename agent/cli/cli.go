// Package cli is the command line of aidoc-agent: commands, exit codes, wiring and what a terminal
// shows. What a command does lives in the packages below.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
)

// env is what a command may touch of the outside; tests replace it.
type env struct {
	ctx     context.Context
	stdin   io.Reader
	stdout  io.Writer
	stderr  io.Writer
	getenv  func(string) string
	version string
	tune    func(*agent.Settings) // nil: as configured
	reload  *reloader             // of the agent that runs
	own     bool                  // the process is this command's alone: what libraries log becomes lines of its log
}

// commands is the whole command line. Flags here override the configuration file and the environment.
type commands struct {
	Config  string            `help:"Configuration file (default: /etc/aidoc-agent/agent.yaml if it exists)." type:"path" placeholder:"FILE" env:"AIDOC_CONFIG"`
	DataDir string            `help:"Folder for keys, journal and store." type:"path" placeholder:"DIR"`
	Set     map[string]string `help:"Override one configuration field, as in --set poll.min=5s (repeatable)." placeholder:"FIELD=VALUE" mapsep:"none"`

	Run     runCmd     `cmd:"" help:"Work the queues of the joined sites until stopped."`
	Once    onceCmd    `cmd:"" help:"Work the queues until they are empty."`
	Process processCmd `cmd:"" help:"Read and summarise local files: Markdown on standard output."`
	Extract extractCmd `cmd:"" help:"Print the text of local files, page by page."`
	Join    joinCmd    `cmd:"" help:"Trade a one-time token for a key of a site."`
	Doctor  doctorCmd  `cmd:"" help:"Check configuration, machine, store, model and sites."`
	Status  statusCmd  `cmd:"" help:"Show what a running agent is doing."`
	Health  healthCmd  `cmd:"" help:"Ask whether the running agent lives: for health checks of containers."`
	Jobs    jobsCmd    `cmd:"" help:"List the documents in work and those that were."`
	Spend   spendCmd   `cmd:"" help:"Show what models have cost."`
	Cache   cacheCmd   `cmd:"" help:"Show and remove what the agent keeps of documents."`
	Conf    configCmd  `cmd:"" name:"config" help:"Check and show the configuration."`
	Version versionCmd `cmd:"" help:"Print version, licence and library versions."`
}

// Main runs one command and returns its exit code.
func Main(args []string, version string) int {
	ctx, stop := signals(context.Background())
	defer stop()
	return run(&env{ctx: ctx, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, version: version, own: true}, args)
}

func run(e *env, args []string) int {
	e = e.guarded()
	var c commands
	code := -1
	p, err := kong.New(&c,
		kong.Name("aidoc-agent"),
		kong.Description("Reads the documents people upload to WordPress and delivers summaries."),
		kong.Writers(e.stdout, e.stderr),
		kong.Exit(func(n int) { code = n }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.UsageOnError(),
	)
	if err != nil {
		fmt.Fprintln(e.stderr, "aidoc-agent:", err)
		return exitUnexpected
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := p.Parse(args)
	if code >= 0 { // --help printed what was asked for
		return code
	}
	if err != nil {
		fmt.Fprintf(e.stderr, "aidoc-agent: %v; see `aidoc-agent --help`\n", err)
		return exitUsage
	}
	err = k.Run(e, &c)
	if err == nil {
		return exitOK
	}
	code = exitCode(err)
	if !errors.Is(err, errSaid) {
		fmt.Fprintln(e.stderr, "aidoc-agent:", sentence(err)) // several lines where a configuration has several mistakes
	}
	return code
}

// errSaid marks an error whose sentence the command has already shown.
var errSaid = errors.New("already shown")
