#!/usr/bin/env bash
# check.sh   the inner loop: every linter, then the unit tests of the packages that differ from main (or from BASE), with what imports them.
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
[ -n "$changed" ] || { note "no Go file differs from $base"; exit 0; }
say "tests of what differs from ${base:0:10}"
packages=()
while read -r dir; do if compgen -G "$dir/*.go" >/dev/null; then packages+=("./$dir"); fi; done <<<"$changed"
go test "${packages[@]}"
