package config

import (
	"errors"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"
)

// Windows answers when documents may be processed. The zero value is always open.
type Windows struct{ list []window }

// Compile checks the windows and makes them usable. Errors are *FieldError.
func (s Schedule) Compile() (Windows, error) { return compileAll("schedule.windows", s.Windows, s.TZ) }

// compileAll makes windows usable; at is where they stand in the configuration, tz the zone of those that name none.
func compileAll(at string, list []Window, tz string) (out Windows, err error) {
	var errs []error
	for i, w := range list {
		compiled, ferr := w.compile(tz)
		if ferr != nil {
			errs = append(errs, &FieldError{fmt.Sprintf("%s[%d].%s", at, i, ferr.Field), ferr.Message})
			continue
		}
		out.list = append(out.list, compiled)
	}
	return out, errors.Join(errs...)
}

// Open tells whether documents may be processed at t.
func (w Windows) Open(t time.Time) bool {
	if len(w.list) == 0 {
		return true
	}
	for _, one := range w.list {
		if one.open(t) {
			return true
		}
	}
	return false
}

// longestOpen bounds the search for the end of windows that follow each other; a window lasts at most a week.
const longestOpen = 32 * 24 * time.Hour

// NextChange is the first moment after t at which Open turns, in the time zone of the window that turns it; false where it never does.
func (w Windows) NextChange(t time.Time) (time.Time, bool) {
	was := w.Open(t)
	limit := horizon
	if was {
		limit = longestOpen
	}
	for at, steps := t, 0; steps < 5000 && at.Sub(t) < limit; steps++ {
		next, ok := w.nextCandidate(at)
		if !ok {
			return time.Time{}, false
		}
		if w.Open(next) != was {
			return next, true
		}
		at = next
	}
	return time.Time{}, false
}

func (w Windows) nextCandidate(t time.Time) (time.Time, bool) {
	var best time.Time
	for _, one := range w.list {
		for _, c := range one.candidates(t) {
			if c.After(t) && (best.IsZero() || c.Before(best)) {
				best = c
			}
		}
	}
	return best, !best.IsZero()
}

// HousekeepingSchedule is when the agent tidies up, and in which zone; nil for never. A start in the hour that
// daylight saving skips is left out that day, which tidying can bear.
func (s Schedule) HousekeepingSchedule() (cron.Schedule, *time.Location, error) {
	if s.Housekeeping == "" || s.Housekeeping == "off" {
		return nil, nil, nil
	}
	zone, err := loadZone(s.TZ)
	if err != nil {
		return nil, nil, &FieldError{"schedule.tz", err.Error()}
	}
	parsed, err := parseCron(s.Housekeeping)
	if err != nil {
		return nil, nil, &FieldError{"schedule.housekeeping", err.Error()}
	}
	return parsed, zone, nil
}

func (c *Config) checkSchedule(k *checks) {
	if _, _, err := c.Schedule.HousekeepingSchedule(); err != nil {
		k.errs = append(k.errs, err)
	}
	if _, err := c.Schedule.Compile(); err != nil {
		k.errs = append(k.errs, err)
	}
}
