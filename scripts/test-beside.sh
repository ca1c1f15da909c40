#!/usr/bin/env bash
# test-beside.sh [phpunit options]   the plugin beside the real plugins in AIDOC_BESIDE, a folder with one folder for each: action-scheduler,
# enable-media-replace, polylang, amazon-s3-and-cloudfront. They are other people's and not in this repository; CONTRIBUTING.md says where they are from.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/install-deps.sh test
beside=${AIDOC_BESIDE:-}
[ -n "$beside" ] || die "AIDOC_BESIDE names no folder: put the plugins to be tried into one and name it (CONTRIBUTING.md)."

work=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-beside.XXXXXX")
finish() {
	local status=$?
	[ ! -f "$work/site/site.env" ] || scripts/wp/down.sh "$work/site"
	scripts/wp/db.sh down "$work/db"
	if [ $status = 0 ]; then rm -rf "$work"; else note "the site and its logs are kept in $work"; fi
	exit $status
}
trap finish EXIT

say 'Beside: the plugin among others, in the newest WordPress'
scripts/wp/up.sh fpm "$work/site" "$(free_port 18600)" --wp newest --db "$work/db" --password password
# shellcheck disable=SC1090,SC1091
. "$work/site/site.env"
# The tests are what wp-admin does; Polylang loads by that.
mkdir -p "$SITE/wp-content/mu-plugins"
echo "<?php define( 'PLL_ADMIN', true );" > "$SITE/wp-content/mu-plugins/as-admin.php"
for main in action-scheduler/action-scheduler.php enable-media-replace/enable-media-replace.php polylang/polylang.php amazon-s3-and-cloudfront/wordpress-s3.php; do
	[ -f "$beside/$main" ] || die "AIDOC_BESIDE has no $main."
	cp -r "$beside/${main%%/*}" "$SITE/wp-content/plugins/"
	php scripts/wp/wp.php "$SITE" activate "$main" >/dev/null
	note "$(sed -n 's/^[ *]*Plugin Name: *//p;s/^[ *]*Version: */ /p' "$beside/$main" | head -n 2 | tr -d '\n')"
done
AIDOC_WP_ROOT=$SITE AIDOC_WP_HOST=${URL#http://} phpunit -c plugin-php/phpunit.xml.dist --testsuite beside "$@"
