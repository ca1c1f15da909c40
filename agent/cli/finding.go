package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// finding is the outcome of one check of doctor.
type finding struct {
	what string
	site string // whose, where a check is made for each site
	note string // shown when all is well
	warn string // works, but somebody should look
	err  error
	cure string // what to do about warn or err; "" where their sentence says it
	code int    // exit code when err is set
}

// How grave a finding is, as --json names it.
const (
	stateOK      = "ok"
	stateWarning = "warning"
	stateFailure = "failure"
)

func (f finding) state() string {
	switch {
	case f.err != nil:
		return stateFailure
	case f.warn != "":
		return stateWarning
	}
	return stateOK
}

// text is what was found.
func (f finding) text() string {
	switch f.state() {
	case stateFailure:
		return sentence(f.err)
	case stateWarning:
		return f.warn
	}
	return f.note
}

// exitCode is what the finding alone would make doctor exit with.
func (f finding) exitCode(strict bool) int {
	switch f.state() {
	case stateFailure:
		return f.code
	case stateWarning:
		if strict {
			return exitWarnings
		}
	}
	return exitOK
}

// worst is the code of the gravest finding. Of failures it is the highest code, which is the one nearest to this machine; warnings count
// only where nothing fails.
func worst(all []finding, strict bool) int {
	failures, warnings := exitOK, exitOK
	for _, f := range all {
		if c := f.exitCode(strict); f.err != nil {
			failures = max(failures, c)
		} else {
			warnings = max(warnings, c)
		}
	}
	if failures != exitOK {
		return failures
	}
	return warnings
}

// reportLine is one finding in the JSON of `doctor --json`.
type reportLine struct {
	Check    string `json:"check"`
	Site     string `json:"site,omitempty"`
	State    string `json:"state"`
	Text     string `json:"text"`
	Cure     string `json:"cure,omitempty"`
	ExitCode int    `json:"exit_code"`
}

func printFindingsJSON(e *env, all []finding, strict bool) error {
	report := struct {
		Version  string       `json:"version"`
		ExitCode int          `json:"exit_code"`
		Findings []reportLine `json:"findings"`
	}{Version: e.version, ExitCode: worst(all, strict)}
	for _, f := range all {
		report.Findings = append(report.Findings, reportLine{Check: f.what, Site: f.site, State: f.state(), Text: clean(f.text()), Cure: clean(f.cure), ExitCode: f.exitCode(strict)})
	}
	enc := json.NewEncoder(e.document())
	enc.SetIndent("", "  ")
	return enc.Encode(report)
}

// named has the site in the text of each finding about one, where there are several and the text does not name it.
func named(all []finding) []finding {
	sites := map[string]bool{}
	for _, f := range all {
		sites[f.site] = true
	}
	if delete(sites, ""); len(sites) < 2 {
		return all
	}
	all = slices.Clone(all)
	for i, f := range all {
		if f.site == "" || strings.Contains(f.text(), f.site) {
			continue
		}
		if f.err != nil {
			all[i].err = errors.New(f.site + ": " + f.text())
		} else if f.warn != "" {
			all[i].warn = f.site + ": " + f.warn
		} else {
			all[i].note = f.site + ": " + f.note
		}
	}
	return all
}

func printFinding(e *env, f finding) {
	mark, colour := "ok  ", "32"
	switch f.state() {
	case stateFailure:
		mark, colour = "FAIL", "31"
	case stateWarning:
		mark, colour = "note", "33"
	}
	if isTerminal(e.stdout) && os.Getenv("NO_COLOR") == "" {
		mark = "\x1b[" + colour + "m" + mark + "\x1b[0m"
	}
	fmt.Fprint(bare(e.stdout), mark)
	fmt.Fprintf(e.stdout, "  %-14s %s\n", f.what, clean(f.text()))
	if f.cure != "" && f.state() != stateOK {
		fmt.Fprintf(e.stdout, "%20s → %s\n", "", clean(f.cure))
	}
}
