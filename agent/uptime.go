package agent

import (
	"time"

	"golang.org/x/sys/unix"
)

// loaded is the fallback's zero, for kernels that do not know CLOCK_BOOTTIME.
var loaded = time.Now()

// sinceBoot goes on while the machine sleeps, unlike the clock behind time.Since: a process that slept
// through an order must not take itself for one that was started later.
func sinceBoot() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &ts); err != nil {
		return time.Since(loaded)
	}
	return time.Duration(ts.Nano())
}
