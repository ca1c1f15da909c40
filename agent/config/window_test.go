package config

import (
	"testing"
	"time"
)

func compile(t *testing.T, s Schedule) Windows {
	t.Helper()
	w, err := s.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// at reads "2026-03-29 01:30 UTC" style times.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	v, err := time.Parse("2006-01-02 15:04 MST", text+" UTC")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestWindowsOpen(t *testing.T) {
	night := Window{Days: "mon-fri", From: "19:00", To: "07:00", TZ: "Europe/Berlin"}
	weekend := Window{Days: "sat-sun", From: "00:00", To: "24:00", TZ: "Europe/Berlin"}
	wrap := Window{Days: "fri-mon", From: "08:00", To: "09:00", TZ: "UTC"}
	byCron := Window{Cron: "0 12 * * sat", Duration: Duration(36 * time.Hour), TZ: "UTC"}
	for _, c := range []struct {
		name string
		w    Window
		at   string // UTC
		want bool
	}{
		{"before it opens", night, "2026-11-23 17:59", false}, // Monday; Berlin is UTC+1
		{"opens", night, "2026-11-23 18:00", true},
		{"after midnight", night, "2026-11-24 02:00", true},
		{"closes", night, "2026-11-24 06:00", false},
		{"friday night reaches into saturday", night, "2026-11-28 05:59", true},
		{"saturday night is not friday's", night, "2026-11-28 20:00", false},
		{"sunday night is closed", night, "2026-11-29 20:00", false},
		{"monday early has no sunday window", night, "2026-11-23 04:00", false},
		{"weekend, saturday", weekend, "2026-11-28 12:00", true},
		{"weekend, sunday's last minute", weekend, "2026-11-29 22:59", true},
		{"weekend, monday", weekend, "2026-11-29 23:00", false},
		{"range over the end of the week: sunday", wrap, "2026-11-29 08:30", true},
		{"range over the end of the week: monday", wrap, "2026-11-30 08:30", true},
		{"range over the end of the week: tuesday", wrap, "2026-12-01 08:30", false},
		{"cron, before", byCron, "2026-11-28 11:59", false},
		{"cron, within", byCron, "2026-11-29 23:59", true},
		{"cron, after", byCron, "2026-11-30 00:00", false},
	} {
		if got := compile(t, Schedule{Windows: []Window{c.w}}).Open(at(t, c.at)); got != c.want {
			t.Errorf("%s: open at %s: %v", c.name, c.at, got)
		}
	}
	if !(Windows{}).Open(time.Now()) {
		t.Error("no windows must mean always")
	}
}

// In Berlin 2026-03-29 02:00 becomes 03:00 (01:00 UTC), and 2026-10-25 03:00 becomes 02:00 (01:00 UTC).
func TestWindowsOverDaylightSaving(t *testing.T) {
	gap := compile(t, Schedule{TZ: "Europe/Berlin", Windows: []Window{{From: "02:30", To: "05:00"}}})
	cronGap := compile(t, Schedule{TZ: "Europe/Berlin", Windows: []Window{{Cron: "30 2 * * *", Duration: Duration(150 * time.Minute)}}})
	over := compile(t, Schedule{TZ: "Europe/Berlin", Windows: []Window{{From: "22:00", To: "06:00"}}})
	for name, w := range map[string]Windows{"from/to": gap, "cron": cronGap} {
		for text, want := range map[string]bool{
			"2026-03-29 00:59": false, // 01:59
			"2026-03-29 01:00": true,  // 03:00: the start 02:30 was skipped, the window was not
			"2026-03-29 02:59": true,  // 04:59
			"2026-03-29 03:00": false, // 05:00
		} {
			if got := w.Open(at(t, text)); got != want {
				t.Errorf("%s: open at %s: %v", name, text, got)
			}
		}
		if got, ok := w.NextChange(at(t, "2026-03-28 20:00")); !ok || !got.Equal(at(t, "2026-03-29 01:00")) {
			t.Errorf("%s: opens at %v, %v", name, got, ok)
		}
	}
	for _, c := range []struct{ from, opens, closes string }{
		{"2026-03-28 12:00", "2026-03-28 21:00", "2026-03-29 04:00"}, // 7 hours
		{"2026-10-24 12:00", "2026-10-24 20:00", "2026-10-25 05:00"}, // 9 hours
		{"2026-06-01 12:00", "2026-06-01 20:00", "2026-06-02 04:00"}, // 8 hours
	} {
		opens, _ := over.NextChange(at(t, c.from))
		closes, _ := over.NextChange(opens)
		if !opens.Equal(at(t, c.opens)) || !closes.Equal(at(t, c.closes)) {
			t.Errorf("from %s: opens %v, closes %v", c.from, opens.UTC(), closes.UTC())
		}
	}
}

// NextChange agrees with Open asked minute by minute, over both changes of the year.
func TestNextChangeAgreesWithOpen(t *testing.T) {
	for name, s := range map[string]Schedule{
		"nights":      {TZ: "Europe/Berlin", Windows: []Window{{Days: "mon-fri", From: "19:15", To: "02:30"}}},
		"overlapping": {TZ: "America/New_York", Windows: []Window{{From: "01:00", To: "03:00"}, {From: "02:15", To: "04:00"}}},
		"cron":        {TZ: "Europe/Berlin", Windows: []Window{{Cron: "*/40 1-3 * * *", Duration: Duration(10 * time.Minute)}}},
		"half hours":  {TZ: "Australia/Lord_Howe", Windows: []Window{{From: "01:45", To: "02:20"}}},
		"two zones":   {Windows: []Window{{From: "20:00", To: "22:00", TZ: "Asia/Tokyo"}, {From: "02:00", To: "03:00", TZ: "America/New_York"}}},
	} {
		w := compile(t, s)
		for _, start := range []string{"2026-03-07 00:00", "2026-03-28 00:00", "2026-04-04 00:00", "2026-10-03 00:00", "2026-10-24 00:00", "2026-10-31 00:00"} {
			now := at(t, start)
			next, ok := w.NextChange(now)
			for range 3 * 24 * 60 {
				minute := now.Add(time.Minute)
				if w.Open(minute) != w.Open(now) {
					if !ok || !next.Equal(minute) {
						t.Fatalf("%s: Open turns at %v, NextChange said %v", name, minute, next)
					}
					next, ok = w.NextChange(minute)
				}
				now = minute
			}
		}
	}
}

// People read it in `status`, and think in the zone they have written down.
func TestNextChangeIsToldInTheWindowsZone(t *testing.T) {
	w := compile(t, Schedule{TZ: "Europe/Berlin", Windows: []Window{{Days: "mon-fri", From: "19:00", To: "06:00"}}})
	for now, want := range map[string]string{"2026-11-23 12:00": "2026-11-23T19:00:00+01:00", "2026-11-23 20:00": "2026-11-24T06:00:00+01:00"} {
		if got, ok := w.NextChange(at(t, now)); !ok || got.Format(time.RFC3339) != want {
			t.Errorf("after %s it changes at %s, want %s", now, got.Format(time.RFC3339), want)
		}
	}
}

func TestNextChangeNever(t *testing.T) {
	for name, s := range map[string]Schedule{
		"no windows":   {},
		"all the time": {TZ: "UTC", Windows: []Window{{From: "00:00", To: "24:00"}}},
		"every minute": {TZ: "Europe/Berlin", Windows: []Window{{Cron: "* * * * *", Duration: Duration(12 * time.Hour)}}},
		"no such day":  {TZ: "UTC", Windows: []Window{{Cron: "0 0 31 2 *", Duration: Duration(time.Hour)}}},
	} {
		if got, ok := compile(t, s).NextChange(at(t, "2026-11-23 00:00")); ok {
			t.Errorf("%s: changes at %v", name, got)
		}
	}
}

func TestHousekeepingSchedule(t *testing.T) {
	s, zone, err := Schedule{Housekeeping: "17 3 * * *", TZ: "Europe/Berlin"}.HousekeepingSchedule()
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Next(at(t, "2026-11-23 12:00").In(zone)); !got.Equal(at(t, "2026-11-24 02:17")) {
		t.Errorf("next at %v", got.UTC())
	}
	if s, _, err := (Schedule{Housekeeping: "off"}).HousekeepingSchedule(); s != nil || err != nil {
		t.Errorf("off: %v, %v", s, err)
	}
}
