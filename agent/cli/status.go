package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
)

type statusCmd struct {
	JSON bool `help:"Print the status as JSON."`
	Once bool `help:"Print it once, also in a terminal."`
}

// staleAfter is when a status file no longer speaks for a live agent (it is written every 5 s).
const staleAfter = 20 * time.Second

// lookEvery is how often the live view looks.
const lookEvery = time.Second

// Run shows what the agent that uses the same data folder is doing, in a terminal until it is interrupted; exit code 6 when none runs.
func (s *statusCmd) Run(e *env, c *commands) error {
	cfg, err := load(e, c)
	if err != nil {
		return err
	}
	ctx, stop := untilSignal(e.ctx)
	defer stop()
	st, raw, err := readStatus(ctx, cfg)
	if err != nil {
		return err
	}
	switch {
	case s.JSON:
		_, err = e.document().Write(raw)
		return err
	case s.Once || !isTerminal(e.stdout):
		printStatus(e.stdout, st)
		return nil
	}
	return watchStatus(ctx, e, cfg, st)
}

// readStatus asks the agent itself. One that has no socket, as one of an earlier version, is known by the file it writes.
func readStatus(ctx context.Context, cfg *config.Config) (agent.Status, []byte, error) {
	var st agent.Status
	_, raw, err := ask(ctx, cfg, "/status")
	if errors.Is(err, errNobody) {
		return statusFile(cfg)
	}
	if err != nil {
		return st, nil, withCode(exitMachine, fmt.Errorf("the agent does not answer: it hangs (%w)", err))
	}
	if err := json.Unmarshal(raw, &st); err != nil {
		return st, nil, withCode(exitMachine, fmt.Errorf("what the agent answers is no status: %w", err))
	}
	return st, raw, nil
}

func statusFile(cfg *config.Config) (st agent.Status, raw []byte, err error) {
	raw, err = os.ReadFile(statusPath(cfg))
	if errors.Is(err, fs.ErrNotExist) {
		return st, nil, withCode(exitMachine, fmt.Errorf("no agent is running with the data folder %s", cfg.DataDir))
	}
	if err != nil {
		return st, nil, withCode(exitMachine, err)
	}
	if err := json.Unmarshal(raw, &st); err != nil {
		return st, nil, withCode(exitMachine, fmt.Errorf("the status file %s is damaged: %w", statusPath(cfg), err))
	}
	if age := time.Since(st.At); age > staleAfter {
		return st, nil, withCode(exitMachine, fmt.Errorf("the agent (process %d) has written no status for %s: it was killed or hangs", st.PID, age.Round(time.Second)))
	}
	return st, raw, nil
}

// lastStatus is what an agent with this data folder wrote last, however long ago; nothing where there was none.
func lastStatus(cfg *config.Config) (st agent.Status) {
	if raw, err := os.ReadFile(statusPath(cfg)); err == nil && json.Unmarshal(raw, &st) != nil {
		return agent.Status{}
	}
	return st
}
