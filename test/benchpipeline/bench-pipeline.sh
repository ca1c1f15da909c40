#!/usr/bin/env bash
# Measures the whole way of a document (test/benchpipeline). RUNS: interleaved runs (3). PARTS: mix,stream,pickup,profile (of PROFILED, agents that
# test/profileagent/build.sh made). SECTION: of the
# page, Now or Before. BASE: an older checkout, with its bin/aidoc-agent built, that is measured
# in the same rounds as Before. AIDOC_CORPUS: the documents (../shared/corpus). OUT: the page.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
cd "$ROOT"
scripts/install-deps.sh test
if ! have mutool; then
	say 'installing mupdf-tools'
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends mupdf-tools >/dev/null
fi
scripts/wp/get.sh current >/dev/null
exec go run ./test/benchpipeline -runs "${RUNS:-3}" -parts "${PARTS:-mix,stream,pickup}" -section "${SECTION:-Now}" -base "${BASE:-}" \
	-corpus "${AIDOC_CORPUS:-../shared/corpus}" -profiled "${PROFILED:-build/profile/aidoc-agent}" -out "${OUT:-docs/benchmarks-pipeline.md}"
