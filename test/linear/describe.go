package linear

import (
	"fmt"
	"strings"
)

func (s State) String() string {
	b := fmt.Sprintf("%s e%d", s.State, s.Epoch)
	if s.Agent != "" {
		b += " " + s.Agent
	}
	if s.Overdue {
		b += " overdue"
	}
	b += fmt.Sprintf(" attempt %d", s.Attempt)
	if s.Result != "" {
		b += " result " + short(s.Result)
	}
	if s.Post != 0 {
		b += fmt.Sprintf(" post %d", s.Post)
	}
	if s.Failures != "" {
		b += " [" + s.Failures + "]"
	}
	return b
}

func describe(in Input, out Output) string {
	b := string(in.Kind)
	if in.Epoch > 0 {
		b += fmt.Sprintf(" e%d", in.Epoch)
	}
	if in.Result != "" {
		b += fmt.Sprintf(" %s/%s", short(in.Result), short(in.Content))
	}
	if in.Class != "" {
		b += " " + in.Class
	}
	b += " → "
	if out.Unknown {
		return b + "answer lost"
	}
	var more []string
	if out.Epoch > 0 {
		more = append(more, fmt.Sprintf("e%d attempt %d", out.Epoch, out.Attempt))
	}
	if out.State != "" {
		more = append(more, out.State)
	}
	if out.Post > 0 {
		more = append(more, fmt.Sprintf("post %d", out.Post))
	}
	return b + strings.TrimSpace(out.Code+" "+strings.Join(more, ", "))
}

func short(s string) string { return s[:min(len(s), 6)] }
