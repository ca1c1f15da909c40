#!/usr/bin/env bash
# plugin-check.sh   WordPress' Plugin Check, every category, on the plugin as it is shipped (without tests and *.xml.dist, as release.sh packs
# it), in a throwaway WordPress on SQLite. AIDOC_PLUGIN_CHECK names the folder of Plugin Check with its vendor folder: CONTRIBUTING.md says how to
# get one. 0 errors and 0 warnings, or it fails.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
checker=${AIDOC_PLUGIN_CHECK:-}
[ -n "$checker" ] || die "AIDOC_PLUGIN_CHECK names no folder with Plugin Check: see CONTRIBUTING.md."
if [ ! -f "$checker/plugin.php" ] || [ ! -f "$checker/vendor/autoload.php" ]; then
	die "AIDOC_PLUGIN_CHECK=$checker holds no plugin.php or no vendor/autoload.php: see CONTRIBUTING.md."
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-plugin-check.XXXXXX")
finish() {
	local status=$?
	[ ! -f "$work/site/site.env" ] || scripts/wp/down.sh "$work/site"
	rm -rf "$work"
	exit $status
}
trap finish EXIT
scripts/wp/up.sh sqlite "$work/site" "$(free_port 18900)" --wp newest >"$work/up.log" 2>&1 || { cat "$work/up.log" >&2; die "WordPress did not start."; }
# shellcheck disable=SC1090,SC1091
. "$work/site/site.env"
rm -f "$SITE/wp-content/plugins/ai-doc-pipeline/.phpunit.result.cache" # of tests; a release is packed from a commit, which has none
php scripts/plugin-check.php "$SITE" "$checker" >"$work/found" || { cat "$work/found"; die "Plugin Check has findings."; }
n=$(grep -c '^# ' "$work/found") || die "Plugin Check ran no check."
echo "Plugin Check: $n checks, 0 errors, 0 warnings"
