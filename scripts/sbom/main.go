// Command sbom writes a CycloneDX 1.6 bill of materials to standard output: of the agent's binary or its readers', from the module list that
// Go put into it and from what it links dynamically, or of the plugin, from its files.
//
//	sbom -epoch SECONDS agent|reader BINARY VERSION MUPDF_VERSION
//	sbom -epoch SECONDS plugin VERSION FOLDER
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	epoch := flag.Int64("epoch", 0, "time of the document, in Unix seconds")
	flag.Parse()
	if err := run(*epoch, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(epoch int64, args []string) error {
	var bom document
	var err error
	switch {
	case len(args) == 4 && args[0] == "agent":
		bom, err = program("aidoc-agent", args[1], args[2], bundled(args[3]), numberingPlans())
	case len(args) == 4 && args[0] == "reader":
		bom, err = program("aidoc-reader", args[1], args[2], bundled(args[3]))
	case len(args) == 3 && args[0] == "plugin":
		bom, err = plugin(args[1], args[2])
	default:
		err = errors.New("usage: sbom -epoch SECONDS agent|reader BINARY VERSION MUPDF_VERSION | plugin VERSION FOLDER")
	}
	if err != nil {
		return err
	}
	bom.seal(time.Unix(epoch, 0).UTC())
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	return out.Encode(bom)
}
