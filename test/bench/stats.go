package bench

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Sample is a series of durations of one kind.
type Sample []time.Duration

// Quantile is the value that the share q of the sample does not exceed; 0 of an empty one.
func (s Sample) Quantile(q float64) time.Duration {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Clone(s)
	slices.Sort(sorted)
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// Median of the sample.
func (s Sample) Median() time.Duration { return s.Quantile(0.5) }

// Median of values; of an even number the upper one of the two in the middle.
func Median[T cmp.Ordered](values []T) (m T) {
	if len(values) == 0 {
		return m
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}

// MS writes a duration in milliseconds.
func MS(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

// Ratio of two durations; 0 where the second is.
func Ratio(a, b time.Duration) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
