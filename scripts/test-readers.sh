#!/usr/bin/env bash
# test-readers.sh [flags of go test -c]   the tests of the pool, of reading and of the command line with the readers' own program beside them as beside the agent:
# found there, known by its number. That program is built without the flags: the race detector, where they ask for it, watches the agent's side. In a
# reader it would take ten times as long to see one goroutine compute.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
work=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-readers.XXXXXX")
trap 'rm -rf "$work"' EXIT
link="-X $(go list -m)/extract/internal/child/wire.build=of-the-tests"
go build -tags nodynamic -buildvcs=false -ldflags "-s -w $link" -o "$work/aidoc-reader" ./extract/reader
failed=0
for package in agent/cli extract/internal/pool extract; do
	go test -c -tags nodynamic "$@" -ldflags "-s -w $link" -o "$work/tests" "./$package"
	(cd "$package" && AIDOC_TEST_READER=$work/aidoc-reader "$work/tests" -test.timeout 15m) || { note "$package does not pass with the readers' own program."; failed=1; }
done
exit $failed
