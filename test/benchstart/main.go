// Command benchstart is a reader without the agent around it: what a start costs that pays for the readers' packages alone.
// docs/adr/0039-a-readers-own-program.md says what it is held against; it is no part of a release.
package main

import (
	"os"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

func main() { os.Exit(extract.WorkerMain()) }
