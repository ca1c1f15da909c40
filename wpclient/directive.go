package wpclient

import "github.com/aidoc-pipeline/aidoc-agent/internal/pattern"

// Directive is what the admin wants this agent to do. One that an agent does not know means pause.
type Directive string

const (
	DirectiveRun   Directive = "run"
	DirectivePause Directive = "pause"
	DirectiveDrain Directive = "drain"
	DirectiveStop  Directive = "stop"
)

var directiveForm = pattern.Lazily(`\A[a-z_]{1,32}\z`)

// known is the directive that an agent can obey: what does not even look like one means pause.
func (d Directive) known() Directive {
	if d == "" || directiveForm.MatchString(string(d)) {
		return d
	}
	return DirectivePause
}
