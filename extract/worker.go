package extract

import (
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/worker"
)

// WorkerCommand is the hidden command of the binary under which WorkerMain runs.
const WorkerCommand = wire.Command

// Build is the number of this build, by which the agent knows the readers' own program; "" where it was linked without one.
func Build() string { return wire.Build() }

// WorkerMain is the hidden command in which a child process reads files. It returns the exit code.
func WorkerMain() int { return worker.Main() }
