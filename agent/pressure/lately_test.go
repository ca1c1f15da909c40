package pressure

import (
	"testing"
	"time"
)

// Two hundred sites that ask in the same moment read the machine's memory once.
func TestLatelyAsksAgainWhenItsAnswerIsOld(t *testing.T) {
	asked, now, why := 0, time.Now(), ""
	f := Lately(func() string { asked++; return why }, time.Second, func() time.Time { return now })
	for range 200 {
		if got := f(); got != "" {
			t.Fatalf("%q, want nothing", got)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times in one moment, want once", asked)
	}
	why, now = "disk almost full", now.Add(time.Second)
	if got := f(); got != why || asked != 2 {
		t.Errorf("after a second %q at question %d, want %q at the second", got, asked, why)
	}
}
