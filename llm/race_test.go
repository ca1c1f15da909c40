//go:build race

package llm_test

func init() { underRace = true }
