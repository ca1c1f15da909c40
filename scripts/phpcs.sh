#!/usr/bin/env bash
# phpcs.sh [phpcs options]   the plugin's PHP against coding standards: always scripts/phpcs-generic.xml with Debian's phpcs; and, where
# AIDOC_WPCS names a folder with WordPress' standards (CONTRIBUTING.md says how to get one), plugin-php/phpcs.xml.dist with the phpcs there.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
have phpcs || die "phpcs is missing: install the package php-codesniffer."
failed=0
run() { "$@" || failed=1; }

# where NAME FILE: the folder below AIDOC_WPCS that holds a standard; composer and git lay it out differently.
where() {
	local file
	file=$(find -L "$AIDOC_WPCS" -maxdepth 6 -path "*/$1/$2" -print -quit)
	[ -n "$file" ] || die "AIDOC_WPCS=$AIDOC_WPCS holds no $1 (no $1/$2 in it): see CONTRIBUTING.md."
	dirname "$(dirname "$file")"
}

mkdir -p "$CACHE"
run phpcs --cache="$CACHE/phpcs-generic" --standard=scripts/phpcs-generic.xml --basepath="$ROOT" "$@" plugin-php
ran="sniffs of PHP_CodeSniffer $(phpcs --version | awk '{print $3}')"
if [ -n "${AIDOC_WPCS:-}" ]; then
	[ -d "$AIDOC_WPCS" ] || die "AIDOC_WPCS=$AIDOC_WPCS is no folder: see CONTRIBUTING.md."
	own=$(find -L "$AIDOC_WPCS" -maxdepth 4 -path '*/bin/phpcs' -print -quit)
	[ -n "$own" ] || die "AIDOC_WPCS=$AIDOC_WPCS holds no bin/phpcs: see CONTRIBUTING.md."
	paths=$(where WordPress ruleset.xml),$(where PHPCSUtils ruleset.xml),$(where Universal ruleset.xml),$(where PHPCompatibility ruleset.xml)
	# The PHP_CodeSniffer of the folder, not the distribution's: WordPress' standards need 3.13.
	(cd plugin-php && run php "$own" --cache="$CACHE/phpcs-wordpress" --runtime-set installed_paths "$paths" "$@" && exit $failed) || failed=1
	ran+=" and the whole of plugin-php/phpcs.xml.dist"
else
	ran+="; without WordPress' standards, which AIDOC_WPCS does not name"
fi
[ $failed = 0 ] || die "phpcs: findings ($ran)"
echo "phpcs: clean ($ran)"
