#!/usr/bin/env bash
# test-e2e.sh [go test flags]   prepares what the end-to-end suite needs and runs it. Expects bin/aidoc-agent (make build).
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/install-deps.sh test
[ -x bin/aidoc-agent ] || die "bin/aidoc-agent is missing: run make build first."
# Ahead of the tests, so that their time limits are theirs alone.
for which in oldest current newest; do scripts/wp/get.sh "$which" >/dev/null & done
scripts/wp/sqlite.sh >/dev/null &
AIDOC_VERSITYGW=$(scripts/versitygw.sh); export AIDOC_VERSITYGW
wait
say 'End-to-end: the agent against real WordPress'
go test -tags e2e -vet=off -count 1 -parallel 6 -timeout 25m -v "$@" ./test/e2e 2>&1 | tee "${E2E_LOG:-/dev/null}" | grep -vE '^\s*=== (RUN|PAUSE|CONT|NAME)'
