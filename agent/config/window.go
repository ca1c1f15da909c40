package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Window is a time of the week in which documents are processed: either From and To on Days,
// or Cron (its start) and Duration.
//
// A window follows the wall clock of its time zone. A start that daylight saving skips opens
// the window right after the gap; a window over the change is an hour shorter or longer.
type Window struct {
	Days     string   `yaml:"days"` // "mon-fri", "sat,sun"; "": every day
	From     string   `yaml:"from"` // "19:00"
	To       string   `yaml:"to"`   // "07:00"; before From: the next morning; "24:00" is midnight
	Cron     string   `yaml:"cron"` // five fields, instead of days, from and to
	Duration Duration `yaml:"duration"`
	TZ       string   `yaml:"tz"` // "": that of the site, else schedule.tz

	always bool `yaml:"-"` // at all times, in place of all of these; see OwnWindows
}

// window is a checked Window. Times are reckoned as if the wall clock were UTC, so that cron
// never sees a daylight saving change: its own handling skips starts inside the gap.
type window struct {
	always bool
	start  cron.Schedule
	length time.Duration
	zone   *time.Location
}

// horizon bounds the search for the next start; a rarer window counts as never.
const horizon = 400 * 24 * time.Hour

func (w Window) compile(defaultTZ string) (window, *FieldError) {
	if w.always {
		return window{always: true}, nil
	}
	tz := w.TZ
	if tz == "" {
		tz = defaultTZ
	}
	zone, err := loadZone(tz)
	if err != nil {
		return window{}, &FieldError{"tz", err.Error()}
	}
	spec, length := w.Cron, w.Duration.D()
	switch {
	case w.Cron != "" && (w.From != "" || w.To != "" || w.Days != ""):
		return window{}, &FieldError{"cron", "is given together with days, from or to: use one way or the other"}
	case w.Cron == "" && w.Duration != 0:
		return window{}, &FieldError{"duration", "belongs to cron: use to with from"}
	case w.Cron == "":
		var ferr *FieldError
		if spec, length, ferr = w.daily(); ferr != nil {
			return window{}, ferr
		}
	case length < time.Minute || length > 7*24*time.Hour:
		return window{}, &FieldError{"duration", "must be between 1m and 7d: how long the window stays open"}
	}
	start, err := parseCron(spec)
	if err != nil {
		return window{}, &FieldError{"cron", err.Error()}
	}
	if _, interval := start.(cron.ConstantDelaySchedule); interval {
		return window{}, &FieldError{"cron", "@every has no fixed times to open at: use five fields"}
	}
	return window{start: start, length: length, zone: zone}, nil
}

// daily turns days, from and to into a cron line and a length.
func (w Window) daily() (spec string, length time.Duration, ferr *FieldError) {
	from, err := clock(w.From)
	if err != nil || from >= 24*time.Hour {
		return "", 0, &FieldError{"from", fmt.Sprintf("%q is not a time of day: write it like 19:00", w.From)}
	}
	to, err := clock(w.To)
	if err != nil {
		return "", 0, &FieldError{"to", fmt.Sprintf("%q is not a time of day: write it like 07:00", w.To)}
	}
	if from == to {
		return "", 0, &FieldError{"to", "is the same as from: leave the window out to process always"}
	}
	length = to - from
	if length < 0 {
		length += 24 * time.Hour
	}
	days := strings.ToLower(strings.ReplaceAll(w.Days, " ", ""))
	if days == "" {
		days = "*"
	}
	spec = fmt.Sprintf("%d %d * * %s", int(from.Minutes())%60, int(from.Hours()), wrapDays(days))
	if _, err := parseCron(spec); err != nil {
		return "", 0, &FieldError{"days", fmt.Sprintf("%q are not days: write them like mon-fri or sat,sun", w.Days)}
	}
	return spec, length, nil
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// wrapDays writes ranges that cron refuses because they pass the end of its week (fri-mon, sat-sun) as lists.
func wrapDays(days string) string {
	index := map[string]int{}
	for i, d := range weekdays {
		index[d] = i
	}
	parts := strings.Split(days, ",")
	for i, p := range parts {
		from, to, isRange := strings.Cut(p, "-")
		a, okA := index[from]
		b, okB := index[to]
		if !isRange || !okA || !okB || a <= b {
			continue
		}
		list := []string{weekdays[a]}
		for d := a; d != b; {
			d = (d + 1) % 7
			list = append(list, weekdays[d])
		}
		parts[i] = strings.Join(list, ",")
	}
	return strings.Join(parts, ",")
}

func clock(text string) (time.Duration, error) {
	h, m, ok := strings.Cut(text, ":")
	hours, err1 := strconv.ParseUint(h, 10, 8)
	minutes, err2 := strconv.ParseUint(m, 10, 8)
	if !ok || err1 != nil || err2 != nil || minutes > 59 || hours > 24 || hours == 24 && minutes > 0 || len(m) != 2 {
		return 0, fmt.Errorf("not a time of day")
	}
	return time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute, nil
}

// parseCron reads a cron line of five fields or a descriptor (@daily, @every 1h). The time zone
// belongs into its own field: the library panics on some TZ= prefixes.
func parseCron(spec string) (cron.Schedule, error) {
	if strings.Contains(spec, "TZ=") {
		return nil, fmt.Errorf("%q: give the time zone in tz", spec)
	}
	s, err := cron.ParseStandard(spec)
	if err != nil {
		return nil, fmt.Errorf("%q is not a cron line (minute hour day month weekday, for example 0 19 * * 1-5)", spec)
	}
	return s, nil
}

func loadZone(name string) (*time.Location, error) {
	switch name {
	case "", "local", "Local":
		return time.Local, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%q is not a time zone this machine knows: write it like Europe/Berlin or UTC (Debian package tzdata)", name)
	}
	return zone, nil
}

// wall is t as its wall clock shows it, written as UTC.
func (w window) wall(t time.Time) time.Time {
	l := t.In(w.zone)
	return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), l.Nanosecond(), time.UTC)
}

// real lists the moments at which the wall clock may show wall: two when the clock is set back.
// In a gap neither shows it; the change itself is a candidate of its own.
func (w window) real(wall time.Time) []time.Time {
	var out []time.Time
	for _, near := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := wall.Add(near).In(w.zone).Zone()
		out = append(out, wall.Add(-time.Duration(offset)*time.Second).In(w.zone)) // shown to people as their clock has it
	}
	return out
}

// open tells whether a start lies less than length ago on the wall clock.
func (w window) open(t time.Time) bool {
	if w.always {
		return true
	}
	now := w.wall(t)
	s := w.start.Next(now.Add(-w.length))
	return !s.IsZero() && !s.After(now)
}

// candidates are the moments after t at which the window may turn: the next start while it is
// closed, the end of the last start while it is open, and the next change of the clock itself.
func (w window) candidates(t time.Time) []time.Time {
	if w.always {
		return nil
	}
	var out []time.Time
	if now := w.wall(t); w.open(t) {
		out = w.real(w.lastStart(now).Add(w.length))
	} else if s := w.start.Next(now); !s.IsZero() && s.Sub(now) < horizon {
		out = w.real(s)
	}
	if _, end := t.In(w.zone).ZoneBounds(); !end.IsZero() {
		out = append(out, end)
	}
	return out
}

// lastStart is a late start of an open window, the last one unless starts are very dense: then
// the search goes on from the end of the one found.
func (w window) lastStart(now time.Time) time.Time {
	last := w.start.Next(now.Add(-w.length))
	for range 64 {
		next := w.start.Next(last)
		if next.IsZero() || next.After(now) {
			break
		}
		last = next
	}
	return last
}
