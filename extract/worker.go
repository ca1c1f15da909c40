package extract

import (
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/worker"
)

// WorkerMain is the hidden command in which a child process reads files. It returns the exit code.
func WorkerMain(_ []string) int { return worker.Main() }
