// Package gate tells a model's answer from what only looks like one: thoughts, refusals, echoes, loops, another language than was asked
// for. It knows texts, no provider and no cache; what follows from its findings is decided elsewhere.
package gate

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// Marks around thoughts. A mark in backticks is text about marks.
const thoughtNames = `think|thinking|thought|thoughts|reasoning|reflection|scratchpad|analysis|seed:think`

var (
	openingMark = pattern.Lazily(`(?i)(?:<(?:` + thoughtNames + `)(?:\s[^<>\n]{0,200})?>|\[THINK\]|◁think▷|<\|(?:begin_of_thought|START_THINKING)\|>|<unused94>)`)
	closingMark = pattern.Lazily(`(?i)(?:</(?:` + thoughtNames + `)\s*>|\[/THINK\]|◁/think▷|<\|(?:end_of_thought|END_THINKING)\|>|<unused95>)`)
	// leftover are marks that stand around the answer itself.
	leftover = pattern.Lazily(`(?i)^\s*(?:<\|(?:begin_of_solution|START_RESPONSE|start_header_id|assistant)\|>|<(?:answer|response|summary|output)>)\s*|\s*(?:<\|(?:end_of_solution|END_RESPONSE|im_end|eot_id|end|return|endoftext)\|>|</(?:answer|response|summary|output)>|</s>)\s*$`)
	// bareChannel is gpt-oss' form after a server has dropped its special tokens.
	bareChannel = pattern.Lazily(`(?s)^analysis\s*\S.*assistant\s*final\s*(\S.*)$`)
)

const (
	channelMark = "<|channel|>"
	messageMark = "<|message|>"
)

// Visible is what a reader may see of an answer: the text after the last closing mark of a thought. done is false where a thought
// never ends: then there is no answer yet, whatever stands in it.
func Visible(s string) (visible string, done bool) {
	s = strings.TrimSpace(s)
	if !strings.ContainsAny(s, "<[◁") && !strings.HasPrefix(s, "analysis") {
		return s, true
	}
	if strings.Contains(s, channelMark) {
		return finalChannel(s)
	}
	if m := bareChannel.FindStringSubmatch(s); m != nil {
		return strings.TrimSpace(m[1]), true
	}
	opened := lastMark(openingMark, s, func(start, _ int) bool { return beginsLine(s, start) || afterMark(s, start) })
	closed := lastMark(closingMark, s, func(start, end int) bool { return opened >= 0 || beginsLine(s, start) || endsLine(s, end) })
	if opened >= 0 && (closed < 0 || opened > closed) {
		return "", false
	}
	if closed >= 0 {
		at := closingMark.FindStringSubmatchIndex(s[closed:])
		s = s[closed+at[1]:]
	}
	for range 2 {
		s = strings.TrimSpace(leftover.ReplaceAllString(s, ""))
	}
	return s, true
}

// finalChannel is the last message of the channel "final" in gpt-oss' own format.
func finalChannel(s string) (string, bool) {
	for at := len(s); ; {
		at = strings.LastIndex(s[:at], channelMark)
		if at < 0 {
			return "", false
		}
		name, text, ok := strings.Cut(s[at+len(channelMark):], messageMark)
		if !ok || !strings.HasPrefix(strings.TrimSpace(name), "final") {
			continue
		}
		if i := strings.Index(text, "<|"); i >= 0 {
			text = text[:i]
		}
		return strings.TrimSpace(text), true
	}
}

// lastMark is where the last mark begins that stands where a mark counts, or -1. One in backticks or quotes never does: a sentence may
// tell of marks, a thought begins a line.
func lastMark(mark pattern.Pattern, s string, counts func(start, end int) bool) int {
	last := -1
	for from := 0; from < len(s); {
		at := mark.FindStringSubmatchIndex(s[from:])
		if at == nil {
			break
		}
		start, end := from+at[0], from+at[1]
		from = end
		quoted := start > 0 && strings.IndexByte("`\"'", s[start-1]) >= 0
		if !quoted && counts(start, end) {
			last = start
		}
	}
	return last
}

func beginsLine(s string, at int) bool {
	return strings.TrimRight(s[strings.LastIndexByte(s[:at], '\n')+1:at], " \t") == ""
}

func endsLine(s string, at int) bool {
	rest, _, _ := strings.Cut(s[at:], "\n")
	return strings.TrimSpace(rest) == ""
}

// afterMark says that another mark ends right before.
func afterMark(s string, at int) bool {
	t := strings.TrimRight(s[:at], " \t")
	return strings.HasSuffix(t, ">") || strings.HasSuffix(t, "]")
}
