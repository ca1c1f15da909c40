// Command aidoc-agent reads the documents people upload to WordPress and delivers summaries.
//
// Licence: AGPL-3.0-or-later (it links MuPDF, which is AGPL).
package main

import (
	"os"

	"github.com/aidoc-pipeline/aidoc-agent/agent/cli"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// version is set by the linker (see the Makefile).
var version = "dev"

func main() {
	// The extraction child: it must confine itself before anything else of this program runs.
	if len(os.Args) > 1 && os.Args[1] == extract.WorkerCommand {
		os.Exit(extract.WorkerMain())
	}
	os.Exit(cli.Main(os.Args[1:], version))
}
