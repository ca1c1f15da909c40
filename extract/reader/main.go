// Command aidoc-reader is the program of the readers: a child of the agent that reads documents, without the agent around it, whose
// packages would make each start take twice as long (docs/adr/0039-a-readers-own-program.md). The agent starts it; it is no command for people.
//
// Licence: AGPL-3.0-or-later (it links MuPDF, which is AGPL).
package main

import (
	"os"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/worker"
)

func main() { os.Exit(worker.Main()) }
