//go:build !race

package confine

const raceFactor = 1
