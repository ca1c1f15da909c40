#!/usr/bin/env bash
# test-attacks.sh fast|full [go test flags]   attacks a real WordPress and bin/aidoc-agent (make build) from outside: test/attacks.
# fast leaves out what takes minutes. Ends with one line for each attack: who, what, and what stopped it.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
case ${1:-} in fast | full) AIDOC_ATTACKS=$1; export AIDOC_ATTACKS; shift ;; *) die "usage: test-attacks.sh fast|full [go test flags]" ;; esac
scripts/install-deps.sh test
[ -x bin/aidoc-agent ] || die "bin/aidoc-agent is missing: run make build first."
# Ahead of the tests, so that their time limits are theirs alone.
scripts/wp/get.sh current >/dev/null
scripts/wp/sqlite.sh >/dev/null
say "Attacks ($AIDOC_ATTACKS): a client of its own, the path between, stolen keys, every role"
go test -tags attacks -vet=off -count 1 -parallel 4 -timeout 15m -v "$@" ./test/attacks 2>&1 | grep -avE '^\s*=== (RUN|PAUSE|CONT|NAME)'
