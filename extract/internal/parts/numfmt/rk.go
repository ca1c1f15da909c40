package numfmt

import "math"

// RK unpacks the 30-bit numbers of Excel's binary formats.
func RK(n uint32) float64 {
	var v float64
	if n&2 != 0 {
		v = float64(int32(n) >> 2)
	} else {
		v = math.Float64frombits(uint64(n&^3) << 32)
	}
	if n&1 != 0 {
		v /= 100
	}
	return v
}
