#!/usr/bin/env bash
# check.sh   the inner loop: every linter, then the unit tests of the packages that differ from main (or from BASE) and of those that
# import them directly. What is further away is tested by `make test`.
# golangci-lint is built once, at the version below, into .cache/bin (4 minutes); after that all of this takes seconds.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
version=v2.15.0
tool=$CACHE/bin/golangci-lint-$version
if [ ! -x "$tool" ]; then
	note "building golangci-lint $version, once"
	GOBIN=$CACHE/bin go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"
	mv "$CACHE/bin/golangci-lint" "$tool"
fi
scripts/lint.sh
say golangci-lint
"$tool" run ./...
base=${BASE:-$(git merge-base HEAD main 2>/dev/null || echo HEAD)}
changed=$({ git diff --name-only "$base" -- '*.go'; git ls-files -o --exclude-standard -- '*.go'; } | xargs -r -n 1 dirname | sort -u)
say "borders and docs"
go test ./test/arch
[ -n "$changed" ] || { note "no Go file differs from $base"; exit 0; }
say "tests of what differs from ${base:0:10}"
dirs=()
while read -r dir; do if compgen -G "$dir/*.go" >/dev/null; then dirs+=("./$dir"); fi; done <<<"$changed"
differ=$(go list -e -f '{{.ImportPath}}' "${dirs[@]}")
mapfile -t packages < <(go list -f '{{.ImportPath}} {{join .Imports " "}} {{join .TestImports " "}} {{join .XTestImports " "}}' ./... |
	awk -v differ="$differ" 'BEGIN { n = split(differ, d, "\n"); for (i = 1; i <= n; i++) is[d[i]] = 1 }
		$1 in is { print $1; next }
		$1 ~ /\/test\// { next } # the suites below test/ run by themselves
		{ for (i = 2; i <= NF; i++) if ($i in is) { print $1; next } }')
[ ${#packages[@]} -eq 0 ] || go test "${packages[@]}"
