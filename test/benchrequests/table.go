package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// part is a stretch of a request, by the mark at its end.
type part struct{ mark, title string }

var parts = []part{
	{"core", "end of the request before, WordPress' own start"}, {"plugin", "the plugin's start"}, {"theme", "theme, translations"}, {"init", "`init`, post types, blocks"},
	{"query", "which request it is, the REST server"}, {"routes", "routes"}, {"dispatch", "before the gate"}, {"gate", "the gate"}, {"work", "the route's own work"}, {"answer", "the answer, and after it"},
}

// kindNames are the kinds of requests in the order of a round.
var kindNames = []string{"nothing", "lease", "file", "result", "results", "lease, nothing waits"}

// routes tell the kind's own requests from the one that comes before them.
var routes = map[string]string{"nothing": "/bench/v1/nothing", "lease": "/aidoc/v1/lease", "file": "/file", "result": "/aidoc/v1/result", "results": "/aidoc/v1/results", "lease, nothing waits": "/aidoc/v1/lease"}

func (s *side) kind(name string) *kind {
	if s.kinds[name] == nil {
		s.kinds[name] = &kind{parts: map[string]time.Duration{}}
	}
	return s.kinds[name]
}

// follow reads the log until so many requests of a kind are in it; a process writes its line after its answer. k gets what they cost,
// nil for nobody.
func (s *side) follow(ctx context.Context, name string, requests int, k *kind) error {
	ctx, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	for tick := time.Tick(5 * time.Millisecond); ; {
		raw, err := os.ReadFile(s.log())
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		whole := raw[:bytes.LastIndexByte(raw, '\n')+1]
		for line := range strings.Lines(string(whole[s.read:])) {
			ours, err := s.line(line, name, k)
			if err != nil {
				return fmt.Errorf("the log of requests has the line %q: %w", line, err)
			}
			if ours {
				requests--
			}
		}
		if s.read = len(whole); requests <= 0 {
			return nil
		}
		select {
		case <-tick:
		case <-ctx.Done():
			return fmt.Errorf("%d requests of the kind %q are missing in the log: %w", requests, name, context.Cause(ctx))
		}
	}
}

// line adds one request to k where it is of the kind. Its beginning is the end of the one before of the same process; where that is not
// known, it is not counted.
func (s *side) line(line, name string, k *kind) (ours bool, err error) {
	f := strings.Fields(line)
	if len(f) < 4 {
		return false, errors.New("fewer than four fields")
	}
	ours = strings.HasSuffix(f[1], routes[name])
	at, known := s.ends[f[0]]
	counts := ours && known && k != nil
	for _, field := range f[3:] {
		mark, value, _ := strings.Cut(field, "=")
		us, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return ours, err
		}
		now := time.Duration(us) * time.Microsecond
		if counts {
			k.parts[mark] += now - at
		}
		at = now
	}
	s.ends[f[0]] = at
	if counts {
		statements, err := strconv.Atoi(f[2])
		k.requests, k.statements = k.requests+1, k.statements+statements
		return ours, err
	}
	return ours, nil
}

// tables are what each kind of request costs, and of PHP's time each part.
func tables(sides []*side) string {
	var b strings.Builder
	row := func(cells ...string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	head := []string{"request"}
	for _, s := range sides {
		for _, what := range []string{"PHP", "MariaDB", "statements"} {
			head = append(head, what+", "+s.commit)
		}
	}
	row(head...)
	row(append([]string{"---"}, slices.Repeat([]string{"---:"}, len(head)-1)...)...)
	for _, name := range kindNames {
		cells := []string{name}
		for _, s := range sides {
			k := s.kind(name)
			cells = append(cells, ms(k.php(), k.requests), ms(k.mariadb, k.requests), fmt.Sprintf("%.1f", float64(k.statements)/float64(max(1, k.requests))))
		}
		row(cells...)
	}
	for _, s := range sides {
		fmt.Fprintf(&b, "\nPHP by part, %s:\n\n", s.commit)
		row(append([]string{"part"}, kindNames...)...)
		row(append([]string{"---"}, slices.Repeat([]string{"---:"}, len(kindNames))...)...)
		for _, p := range parts {
			cells := []string{p.title}
			for _, name := range kindNames {
				cells = append(cells, ms(s.kind(name).parts[p.mark], s.kind(name).requests))
			}
			row(cells...)
		}
	}
	return b.String()
}

func (k *kind) php() (sum time.Duration) {
	for _, d := range k.parts {
		sum += d
	}
	return sum
}

func ms(d time.Duration, requests int) string {
	return fmt.Sprintf("%.2f", d.Seconds()*1000/float64(max(1, requests)))
}
