#!/usr/bin/env bash
# test-readers.sh [flags of the tests]   the tests of the pool and of reading once more, with the readers' own program beside them as beside the agent: found there,
# known by its number. Alone they run with the test's own program.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
work=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-readers.XXXXXX")
trap 'rm -rf "$work"' EXIT
link="-X $(go list -m)/extract/internal/child/wire.build=of-the-tests"
go build -tags nodynamic -buildvcs=false -ldflags "-s -w $link" -o "$work/aidoc-reader" ./extract/reader
for package in extract/internal/pool extract; do
	go test -c -tags nodynamic -ldflags "$link" -o "$work/tests" "./$package"
	(cd "$package" && AIDOC_TEST_READER=$work/aidoc-reader "$work/tests" -test.timeout 15m "$@") || die "$package does not pass with the readers' own program."
done
