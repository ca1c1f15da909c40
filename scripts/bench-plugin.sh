#!/usr/bin/env bash
# bench-plugin.sh [ROUNDS] [LARGE]   queries and milliseconds of a site with the plugin and without it, and what a backfill and the queue page
# cost with LARGE documents (100000); prints a table and writes docs/benchmarks-plugin.md. A throwaway WordPress on MariaDB.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/install-deps.sh test

work=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-bench-plugin.XXXXXX")
finish() {
	local status=$?
	[ ! -f "$work/site/site.env" ] || scripts/wp/down.sh "$work/site"
	scripts/wp/db.sh down "$work/db"
	if [ $status = 0 ]; then rm -rf "$work"; else note "site and logs are kept in $work"; fi
	exit $status
}
trap finish EXIT

scripts/wp/up.sh fpm "$work/site" "$(free_port 19700)" --wp newest --db "$work/db"
# shellcheck disable=SC1090,SC1091
. "$work/site/site.env"
AIDOC_WP_HOST=${URL#http://} php -d memory_limit=512M plugin-php/tests/bench.php "$SITE" "$ROOT/docs/benchmarks-plugin.md" "${1:-11}" "${2:-100000}"
