#!/usr/bin/env bash
# chaos.sh short|full [flags of the test]   runs the chaos suite on bin/aidoc-agent and stops whatever it started, also
# when it is interrupted or runs out of time. Flags: -seed N, -jobs N, -kills N, -dir DIR.
set -euo pipefail
# shellcheck source=../../scripts/lib.sh
# shellcheck disable=SC1091
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
cd "$ROOT"
[ -x bin/aidoc-agent ] || die "bin/aidoc-agent is missing: run make build first."
case ${1:-} in
	short) limit=5m flags=() ;;
	full) limit=55m flags=(-full -report "$ROOT/test/chaos/report.md") ;;
	*) die "usage: chaos.sh short|full [flags]" ;;
esac
shift
scripts/wp/get.sh current >/dev/null   # ahead of the test, so that its time limit is its alone
dir=${CHAOS_DIR:-$(mktemp -d "${TMPDIR:-/tmp}/aidoc-chaos.XXXXXX")}; mkdir -p "$dir"
sweep() {
	local file
	for file in "$dir"/agents/*/agent.pid "$dir"/wp/*.pid "$dir"/wp/db/*.pid; do stop_group "$file" 3; done
	if [ "${passed:-}" ]; then rm -rf "$dir"; else note "logs, journals and the database are kept in $dir"; fi
}
trap sweep EXIT
trap 'exit 130' INT TERM
go test -tags chaos -c -o "$dir/chaos.test" ./test/chaos
cd test/chaos
"$dir/chaos.test" -test.run '^TestChaos$' -test.timeout "$limit" -test.failfast -dir "$dir" "${flags[@]}" "$@"
passed=1
