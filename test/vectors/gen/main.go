// Command gen writes test/vectors/signing.json, the signature vectors that the Go and the PHP tests share.
//
// It signs with a few lines of its own instead of wpclient's, so that the file is a second opinion and not an echo.
// Run it from the root of the repository: go run ./test/vectors/gen
package main

import (
	"fmt"
	"os"
)

func main() {
	path, foreign := "test/vectors/signing.json", "test/vectors/foreign.json"
	if len(os.Args) == 3 {
		path, foreign = os.Args[1], os.Args[2]
	}
	data, err := Generate(foreign)
	if err == nil {
		err = os.WriteFile(path, data, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
