// Command aidoc-agent reads the documents people upload to WordPress and delivers summaries.
//
// Licence: AGPL-3.0-or-later (it links MuPDF, which is AGPL).
package main

import (
	_ "embed"
	"os"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/agent/cli"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// number is the version that agent and plugin share; docs/releasing.md says what else holds it.
//
//go:embed VERSION
var number string

// version is set by the linker: the number, with the commit where it is not a release (scripts/version.sh).
var version string

func main() {
	// The extraction child: it must confine itself before anything else of this program runs.
	if len(os.Args) > 1 && os.Args[1] == extract.WorkerCommand {
		os.Exit(extract.WorkerMain())
	}
	if version == "" {
		version = strings.TrimSpace(number) + "-dev"
	}
	os.Exit(cli.Main(os.Args[1:], version))
}
