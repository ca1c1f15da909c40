package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/term"
	"golang.org/x/text/width"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/internal/printable"
)

// What the live view tells the terminal: go home, and clear what is right of the cursor or below it. Drawing over the last picture
// instead of clearing first keeps it from flickering.
const (
	cursorHome = "\x1b[H"
	clearRest  = "\x1b[K"
	clearLine  = clearRest + "\n"
	clearBelow = "\x1b[J"
	clearAll   = "\x1b[2J"
)

// watchStatus draws the status anew every second until ctx or the agent ends.
func watchStatus(ctx context.Context, e *env, cfg *config.Config, st agent.Status) error {
	out := bare(e.stdout)
	fmt.Fprint(out, clearAll)
	t := time.NewTicker(lookEvery)
	defer t.Stop()
	defer fmt.Fprintln(out) // so that the next prompt begins a line
	for {
		width, height := terminalSize(out)
		fmt.Fprint(out, cursorHome, frame(st, width, height), clearBelow)
		select {
		case <-t.C:
		case <-ctx.Done():
			return nil
		}
		var err error
		if st, _, err = readStatus(ctx, cfg); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
	}
}

func terminalSize(w io.Writer) (width, height int) {
	if f, ok := w.(*os.File); ok {
		if width, height, err := term.GetSize(int(f.Fd())); err == nil && width > 0 && height > 0 {
			return width, height
		}
	}
	return 80, 24
}

// frame is the status as a picture of the terminal's size. Sites that need somebody come first, for what has no room is only counted; sentences
// are folded, so that a reason is never cut, and rows of tables are cut.
func frame(st agent.Status, width, height int) string {
	st.Sites = slices.Clone(st.Sites)
	slices.SortStableFunc(st.Sites, func(a, b agent.SiteStatus) int { return urgency(a) - urgency(b) })
	var b bytes.Buffer
	printStatus(&printable.Writer{W: &b}, st)
	var lines []string
	for l := range strings.SplitSeq(strings.TrimRight(b.String(), "\n"), "\n") {
		if strings.HasPrefix(l, rowMark) {
			lines = append(lines, cut(l, width))
		} else {
			lines = append(lines, fold(l, width)...)
		}
	}
	room := max(1, height-2)
	if len(lines) > room {
		lines = append(lines[:room-1], cut(fmt.Sprintf("… %d more lines: `aidoc-agent status --once`", len(lines)-room+1), width))
	}
	lines = append(lines, "", cut("every second; Ctrl-C ends this view, not the agent", width))
	return strings.Join(lines[:min(len(lines), height)], clearLine) + clearRest
}

// urgency is 0 for a site that gives no answer, 1 for one that has documents in work or something to say, 2 for one at rest.
func urgency(s agent.SiteStatus) int {
	switch {
	case s.LastError != "":
		return 0
	case len(s.Held) > 0 || s.Why != "" || s.Queue != nil && *s.Queue > 0:
		return 1
	}
	return 2
}

// columns is how many of the terminal's a character takes.
func columns(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case slices.Contains([]width.Kind{width.EastAsianWide, width.EastAsianFullwidth}, width.LookupRune(r).Kind()):
		return 2
	}
	return 1
}

func columnsOf(s string) (n int) {
	for _, r := range s {
		n += columns(r)
	}
	return n
}

// cut is what of a line has room in so many columns, the last of them for a sign that there is more.
func cut(line string, most int) string {
	if columnsOf(line) <= most {
		return line
	}
	at := 0
	for i, r := range line {
		if at += columns(r); at >= most {
			return line[:i] + "…"
		}
	}
	return line
}

// fold breaks a line between words into lines of so many columns; those after the first are indented further. A word that is longer is cut.
func fold(line string, most int) []string {
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	var out []string
	now := indent
	for word := range strings.SplitSeq(line[len(indent):], " ") {
		switch {
		case strings.TrimLeft(now, " ") == "":
			now += word
		case columnsOf(now)+1+columnsOf(word) <= most:
			now += " " + word
		default:
			out = append(out, cut(now, most))
			now = indent + "    " + word
		}
	}
	return append(out, cut(now, most))
}
