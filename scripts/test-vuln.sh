#!/usr/bin/env bash
# test-vuln.sh   scripts/vuln.sh finds a vulnerable dependency that is planted, passes a module without one, and says so when it cannot know.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-vuln.XXXXXX")
trap 'rm -rf "$work"' EXIT
fail() { cat "$work/out" >&2; die "$1"; }

# expect STATUS TEXT COMMAND…
expect() {
	local want=$1 text=$2 got=0; shift 2
	"$@" >"$work/out" 2>&1 || got=$?
	[ "$got" = "$want" ] || fail "vuln.sh ended with $got instead of $want"
	grep -q "$text" "$work/out" || fail "vuln.sh does not say '$text'"
}

mkdir "$work/planted" "$work/clean"
printf 'module planted\n\ngo 1.26\n\nrequire golang.org/x/text v0.3.5\n' >"$work/planted/go.mod"
printf 'package main\n\nimport "golang.org/x/text/language"\n\nfunc main() { _, _, _ = language.ParseAcceptLanguage("en") }\n' >"$work/planted/main.go"
(cd "$work/planted" && go mod download && go mod tidy) >/dev/null 2>&1 || die "golang.org/x/text v0.3.5 is not to be had here."
printf 'module clean\n\ngo 1.26\n' >"$work/clean/go.mod"
printf 'package main\n\nfunc main() {}\n' >"$work/clean/main.go"

expect 1 GO-2021-0113 "$ROOT/scripts/vuln.sh" "$work/planted"
expect 0 'No vulnerabilities found' "$ROOT/scripts/vuln.sh" "$work/clean"
expect 2 'NOT CHECKED' env AIDOC_TEST_CACHE="$work/cache" GOMODCACHE="$work/mod" GOFLAGS=-modcacherw GOPROXY=off https_proxy=http://127.0.0.1:9 HTTPS_PROXY=http://127.0.0.1:9 "$ROOT/scripts/vuln.sh" "$work/clean"
echo 'vuln: a planted vulnerability is found, a clean module passes, and no database is said'
