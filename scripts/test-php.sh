#!/usr/bin/env bash
# test-php.sh [oldest|current|newest]… [-- phpunit options]   the plugin's PHPUnit tests inside an installed WordPress on
# MariaDB (default: the oldest and the newest), the newest also as a network of sites. Runs of different versions may be side by side. Test doubles are few: the database, the REST server and the files are real.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/install-deps.sh test
versions=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do versions+=("$1"); shift; done
[ "${1:-}" != -- ] || shift
[ ${#versions[@]} -gt 0 ] || versions=(oldest newest)

declare -A ports=([oldest]=18400 [current]=18440 [newest]=18480)

work=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-php.XXXXXX")
finish() {
	local status=$? dir
	for dir in "$work"/*/; do [ ! -f "$dir/site.env" ] || scripts/wp/down.sh "$dir"; done
	scripts/wp/db.sh down "$work/db"
	if [ $status = 0 ]; then rm -rf "$work"; else note "sites and logs are kept in $work"; fi
	exit $status
}
trap finish EXIT

# Compiled files of WordPress and the plugin are kept for the processes that tests start, each of which would compile all of them.
mkdir -p "$work"/{ini,compiled}
printf '%s\n' opcache.enable_cli=1 opcache.file_cache="$work/compiled" opcache.revalidate_freq=0 >"$work/ini/opcache.ini"
tests() { AIDOC_WP_ROOT=$SITE AIDOC_WP_HOST=${URL#http://} PHP_INI_SCAN_DIR=:$work/ini phpunit -c plugin-php/phpunit.xml.dist --testsuite "$@"; }

for version in "${versions[@]}"; do
	say "PHP: the plugin inside the $version WordPress"
	scripts/wp/up.sh fpm "$work/$version" "$(free_port "${ports[$version]}")" --wp "$version" --db "$work/db" --password password
	# shellcheck disable=SC1090,SC1091
	. "$work/$version/site.env"
	tests core,admin "$@"
	if [ "$version" = newest ]; then
		say "PHP: the same site as a network"
		scripts/wp/network.sh "$SITE"
		tests multisite "$@"
	fi
	if grep -F plugins/ai-doc-pipeline "$work/$version/debug.log" 2>/dev/null | head -n 5 | grep .; then die "PHP complains about the plugin ($version)."; fi
done
