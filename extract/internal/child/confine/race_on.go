//go:build race

package confine

// raceFactor widens the memory limit: the race detector keeps several bytes for each byte of Go
// memory, all of which count as writable data.
const raceFactor = 6
