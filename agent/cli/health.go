package cli

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

type healthCmd struct {
	Ready bool `help:"Ask whether it would take work now, not only whether it lives."`
}

// Run is what health checks of containers call: exit code 0 while the agent lives (or, with --ready, would take work), else 6.
func (h *healthCmd) Run(e *env, c *commands) error {
	cfg, err := load(e, c)
	if err != nil {
		return err
	}
	path := "/healthz"
	if h.Ready {
		path = "/readyz"
	}
	status, body, err := ask(e.ctx, cfg, path)
	switch {
	case errors.Is(err, errNobody):
		return withCode(exitMachine, fmt.Errorf("no agent is running with the data folder %s", cfg.DataDir))
	case err != nil:
		return withCode(exitMachine, fmt.Errorf("the agent does not answer: it hangs (%w)", err))
	case status != http.StatusOK:
		return withCode(exitMachine, fmt.Errorf("not ready: %s", strings.TrimSpace(clean(string(body)))))
	}
	fmt.Fprintln(e.stdout, strings.TrimSpace(clean(string(body))))
	return nil
}
