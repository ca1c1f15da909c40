package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ByteSize is a number of bytes, written as 100MiB, 1.5GB or 4096.
type ByteSize int64

var byteUnits = []struct {
	suffix string
	factor float64
}{ // longest suffix first
	{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30}, {"tib", 1 << 40},
	{"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9}, {"tb", 1e12},
	{"k", 1 << 10}, {"m", 1 << 20}, {"g", 1 << 30}, {"t", 1 << 40}, {"b", 1},
}

// ParseByteSize reads a size. KB, MB … are powers of 1000; KiB, MiB … and K, M … of 1024.
func ParseByteSize(text string) (ByteSize, error) {
	t := strings.ToLower(strings.TrimSpace(text))
	factor := 1.0
	for _, u := range byteUnits {
		if rest, ok := strings.CutSuffix(t, u.suffix); ok {
			t, factor = strings.TrimSpace(rest), u.factor
			break
		}
	}
	n, err := strconv.ParseFloat(t, 64)
	if err != nil || n < 0 || math.IsNaN(n) || n*factor > math.MaxInt64/2 || strings.ContainsAny(t, "xpe_in") {
		return 0, fmt.Errorf("%q is not a size: write it like 100MiB, 1.5GB or 4096", text)
	}
	return ByteSize(math.Round(n * factor)), nil
}

func (b ByteSize) String() string {
	for _, u := range []struct {
		suffix string
		factor int64
	}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if v := int64(b); v >= u.factor && v%u.factor == 0 {
			return strconv.FormatInt(v/u.factor, 10) + u.suffix
		}
	}
	return strconv.FormatInt(int64(b), 10)
}

// UnmarshalText and MarshalText are the YAML and environment forms.
func (b *ByteSize) UnmarshalText(text []byte) (err error) {
	*b, err = ParseByteSize(string(text))
	return err
}

func (b ByteSize) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// Duration is a time span, written as 30s, 5m, 12h or 30d.
type Duration time.Duration

// ParseDuration reads what time.ParseDuration reads, and whole days as 30d.
func ParseDuration(text string) (Duration, error) {
	t := strings.TrimSpace(text)
	if days, ok := strings.CutSuffix(t, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n <= 36500 {
			return Duration(time.Duration(n) * 24 * time.Hour), nil
		}
	}
	d, err := time.ParseDuration(t)
	switch {
	case err == nil && d >= 0:
		return Duration(d), nil
	case err == nil:
		return 0, fmt.Errorf("%q is negative: give a time span like 30s, 5m, 12h or 30d", text)
	}
	if _, numErr := strconv.ParseFloat(t, 64); numErr == nil {
		return 0, fmt.Errorf("%q has no unit: write %ss for seconds, %sm for minutes", text, t, t)
	}
	return 0, fmt.Errorf("%q is not a time span: write it like 30s, 5m, 12h or 30d", text)
}

// D returns the value for the time package.
func (d Duration) D() time.Duration { return time.Duration(d) }

func (d Duration) String() string {
	v := time.Duration(d)
	if v > 0 && v%(24*time.Hour) == 0 {
		return strconv.Itoa(int(v/(24*time.Hour))) + "d"
	}
	s := v.String()
	if t, ok := strings.CutSuffix(s, "m0s"); ok {
		s = t + "m"
	}
	if t, ok := strings.CutSuffix(s, "h0m"); ok {
		s = t + "h"
	}
	return s
}

// UnmarshalText and MarshalText are the YAML and environment forms.
func (d *Duration) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDuration(string(text))
	return err
}

func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }
