#!/usr/bin/env bash
# test-browser.sh [current|newest|oldest]…   a headless Chromium uses the plugin, as an editor and then as each role (default: all three).
# With WALK=1 four roles and a visitor walk through it as well (make test-walk). Screenshots are left in build/screenshots. Expects bin/aidoc-agent (make build).
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/install-deps.sh test
[ -x bin/aidoc-agent ] || die "bin/aidoc-agent is missing: run make build first."
npm_ci test/browser

work=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-browser.XXXXXX")
finish() {
	local status=$? dir
	for dir in "$work"/*/; do [ ! -d "$dir/wordpress" ] || scripts/wp/down.sh "$dir/wordpress"; done
	if [ $status = 0 ]; then rm -rf "$work"; else note "sites and logs are kept in $work"; fi
	exit $status
}
trap finish EXIT

one() {
	local name=$1 mode=sqlite token
	[ "$name" != oldest ] || mode=fpm            # the SQLite drop-in needs WordPress 6.5
	mkdir -p "$work/$name"
	scripts/wp/up.sh "$mode" "$work/$name/wordpress" "$(free_port 18300)" --wp "$name" --password password
	# shellcheck disable=SC1090,SC1091
	. "$work/$name/wordpress/site.env"
	token=$(php scripts/wp/wp.php "$SITE" agent office | jq -r .token)
	AIDOC_JOIN_TOKEN=$token bin/aidoc-agent --data-dir "$work/$name/agent" join "$URL" >/dev/null
	local file files=(media publish)
	[ -z "${WALK:-}${PICTURES:-}" ] || files+=(walk)
	for file in "${files[@]}"; do # One after the other: the second shows what the first made.
		SITE_URL=$URL SITE_LOGIN=$LOGIN SITE_PASSWORD=$PASSWORD SITE_NAME=$name SITE_ROOT=$SITE SHOTS=$ROOT/build/screenshots \
			AGENT_BIN=$ROOT/bin/aidoc-agent AGENT_DIR=$work/$name/agent AGENT_LOG=$work/$name/agent.log \
			node --test --test-reporter spec "test/browser/$file.test.mjs"
	done
	if [ -n "${PICTURES:-}" ]; then
		SITE_URL=$URL SITE_LOGIN=$LOGIN SITE_PASSWORD=$PASSWORD SITE_NAME=$name SITE_ROOT=$SITE node test/browser/pictures.mjs
	fi
	# Complaints of PHP about files of the plugin are failures too.
	if grep -F plugins/ai-doc-pipeline "$work/$name/wordpress/debug.log" 2>/dev/null | head -n 5 | grep .; then die "PHP complains about the plugin ($name)."; fi
	scripts/wp/down.sh "$work/$name/wordpress"
}

[ $# -gt 0 ] || set -- current newest oldest
for name; do say "Browser: an editor's day on the $name WordPress"; one "$name"; done
note "screenshots are in build/screenshots"
