#!/usr/bin/env bash
# fuzz-markdown.sh   1,000,000 mutants through the plugin's Markdown reader, inside a real WordPress (FUZZ_MUTANTS for another number,
# FUZZ_SEED for other mutants). A finding is kept in build/fuzz-markdown; move it to plugin-php/tests/fuzz/corpus once it is fixed.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/install-deps.sh demo
total=${FUZZ_MUTANTS:-1000000} workers=$(nproc) slice=10000
findings=$ROOT/build/fuzz-markdown site=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-fuzz.XXXXXX")
mkdir -p "$findings"
trap 'scripts/wp/down.sh "$site" >/dev/null 2>&1 || true; rm -rf "$site"' EXIT
scripts/wp/up.sh sqlite "$site" "$(free_port 18900)" --wp newest >/dev/null
# shellcheck disable=SC1091
. "$site/site.env"
# shellcheck disable=SC2153
export AIDOC_WP_ROOT=$SITE AIDOC_WP_HOST=${URL#http://} AIDOC_FUZZ_FINDINGS=$findings AIDOC_FUZZ_SEED=${FUZZ_SEED:-1}
say "$total mutants of Markdown, seed $AIDOC_FUZZ_SEED, in slices of $slice on $workers cores"
# Slices, so that a finding stops the run early; xargs ends with an error when one of them did.
seq 0 "$slice" $((total - 1)) | xargs -P "$workers" -I FROM php plugin-php/tests/fuzz/markdown.php "$slice" FROM >"$findings/log" 2>&1 || {
	grep -v 'no finding' "$findings/log" >&2 || true
	die "fuzz-markdown: findings in ${findings#"$ROOT"/}"
}
echo "fuzz-markdown: $(grep -c 'no finding' "$findings/log") slices of $slice mutants, no finding"
