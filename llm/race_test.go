//go:build race

package llm

func init() { UnderRace = true }
