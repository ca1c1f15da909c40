#!/usr/bin/env bash
# Go's unit tests: with the race detector where anything runs side by side, without it where one goroutine computes. There it finds nothing and
# takes ten times as long. go vet is scripts/lint.sh's, for all of them at once.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
# Packages that start no goroutine; sync.OnceValue and the like are used by all packages and tested in others.
# llm runs both ways: its longest documents are shorter under the detector.
alone='/(agent/(artifact|config|failure|site)|extract/internal/(child/worker|doc|format|page|parts|view)|internal/printable|llm/internal/(chunk|extractive|gate|grounding|markdown|numbering|prose|redact|selection|tokens)|test/(arch|bench[a-z]*|drawn)|scripts)(/|$)'
# Whose tests start readers: under the detector with the readers' own program, which it does not watch, and those of the pool and of reading alone as well, where
# the test's own program reads.
readers='/(agent/cli|extract|extract/internal/pool)$'
# The slow ones first, so that none is left to run alone: go test begins them in this order.
slow='/(agent|llm|extract/internal/child/worker|llm/internal/extractive)$'
packages() { go list ./... | grep -E "$slow"; go list ./... | grep -Ev "$slow"; }
go list ./... >/dev/null # its complaint, and not an empty list
# SQLite is C made Go: the detector watching each access of it nearly doubles what tests with a journal take, and finds nothing of ours. The driver,
# which is Go, stays watched.
plain='modernc.org/sqlite/lib=-race=false'
status=0
say 'unit tests with the race detector'
packages | grep -Ev "$alone|$readers" | xargs go test -tags nodynamic -race -gcflags="$plain" -vet=off -timeout 15m || status=1
say "with the readers' own program, and the race detector on the agent's side"
# The one goroutine that a reader starts: pdfcpu's look at a file.
go test -tags nodynamic -race -gcflags="$plain" -vet=off -run Inspect ./extract/internal/format/pdf || status=1
scripts/test-readers.sh -race -gcflags="$plain" || status=1
say 'unit tests of what computes alone'
packages | grep -E "$alone|/(llm|extract|extract/internal/pool)\$" | xargs go test -tags nodynamic -vet=off -timeout 15m || status=1
exit "$status"
