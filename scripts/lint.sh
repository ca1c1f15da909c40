#!/usr/bin/env bash
# lint.sh   gofmt, go vet (with every build tag of the tests), php -l, phpcs, shellcheck, node --check, eslint, the plugin's translation template and translations: all of the repository.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
# Files of the repository, committed or new, without what git ignores; also outside of a git checkout.
files() {
	if git rev-parse --git-dir >/dev/null 2>&1; then git ls-files -co --exclude-standard -- "$@" | while read -r f; do [ -f "$f" ] && echo "$f"; done
	else local p; for p; do find . -name "$p" -not -path '*/node_modules/*' -not -path './.cache/*'; done; fi
}
failed=0
check() { # NAME COMMAND…: its output is shown only when it fails
	local name=$1 out; shift
	if out=$("$@" 2>&1); then note "$name: ok"; [ "$name" != phpcs ] || note "  ${out##*$'\n'}"; else printf '%s\n' "$out"; printf '%s%s: failed%s\n' "$RED" "$name" "$PLAIN"; failed=$((failed + 1)); fi
}
gofmt_all() { local bad; bad=$(files '*.go' | xargs -r gofmt -l); [ -z "$bad" ] || { echo "not formatted (gofmt -w): $bad"; return 1; }; }
# Without php.ini: loading the extensions, which a syntax check has no use for, takes four fifths of it.
php_all() { files '*.php' | xargs -r -P "$(nproc)" -n 1 php -n -d short_open_tag=0 -d display_errors=1 -l >/dev/null; }
shell_all() { { files '*.sh'; echo .ci/run; } | xargs shellcheck; }
eslint_all() { npm_ci scripts/lint-js && (cd scripts/lint-js && npm run -s lint); }
js_all() { files '*.js' '*.mjs' | xargs -r -n 1 node --check; }

check gofmt gofmt_all
# Built as scripts/build.sh builds it: with other tags, what depends on them is compiled once more.
check 'go vet' go vet -tags nodynamic ./...
check 'go vet -tags e2e,linear,chaos,attacks' go vet -tags nodynamic,e2e,linear,chaos,attacks ./test/...
check 'php -l' php_all
check phpcs scripts/phpcs.sh
check shellcheck shell_all
check 'node --check' js_all
check eslint eslint_all
check 'translation template' scripts/make-pot.sh --check
check translations scripts/make-mo.sh --check
[ $failed = 0 ] || die "lint: $failed of 10 checks failed"
echo 'lint: 10 passed, 0 failed'
