package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

type versionCmd struct{}

// Run prints what is needed in a bug report.
func (*versionCmd) Run(e *env) error {
	fmt.Fprintf(e.stdout, "aidoc-agent %s (%s, %s/%s)\n", e.version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if n := extract.Build(); n != "" {
		fmt.Fprintf(e.stdout, "Build %s; its readers are of the same (aidoc-reader)\n", n)
	}
	fmt.Fprintln(e.stdout, "Licence: AGPL-3.0-or-later, because it links MuPDF.")
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	shown := map[string]bool{
		"github.com/gen2brain/go-fitz": true, "github.com/pdfcpu/pdfcpu": true,
		"modernc.org/sqlite": true, "github.com/aws/aws-sdk-go-v2/service/s3": true, "github.com/sashabaranov/go-openai": true,
		"github.com/anthropics/anthropic-sdk-go": true,
	}
	for _, d := range info.Deps {
		if shown[d.Path] {
			fmt.Fprintf(e.stdout, "  %s %s\n", d.Path, d.Version)
		}
	}
	return nil
}
