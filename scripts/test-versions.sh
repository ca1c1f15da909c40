#!/usr/bin/env bash
# test-versions.sh [go test flags]   the present agent and plugin beside older ones, built from this repository's history. Expects bin/aidoc-agent.
# VERSIONS: the commits to try, the oldest first; each stands for what its neighbours on the wire do not know yet.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/install-deps.sh build test
[ -x bin/aidoc-agent ] || die "bin/aidoc-agent is missing: run make build first."
# be70515: before questions wait in batches, and before erasing; 9bf8d81: before results go together; 28caba1: before warnings; fd250ba: before pages that a model reads.
VERSIONS=${VERSIONS:-"be70515 9bf8d81 28caba1 fd250ba"}
scripts/wp/get.sh current >/dev/null & scripts/wp/sqlite.sh >/dev/null & wait

# older COMMIT DIR   builds agent and plugin of a commit into DIR.
older() {
	local source; source=$(mktemp -d)
	git cat-file -e "$1^{commit}" 2>/dev/null || die "commit $1 is not in this clone: fetch the whole history (git fetch --unshallow), or set VERSIONS."
	say "Build of $1"
	git archive "$1" | tar -x -C "$source"
	mkdir -p "$2.new"
	(cd "$source" && go build -tags nodynamic -buildvcs=false -ldflags "-s -w -X main.version=$(cat VERSION)" -o "$2.new/aidoc-agent" .)
	mv "$source/plugin-php" "$2.new/plugin-php"
	mv "$2.new" "$2"
	rm -rf "$source"
}

AIDOC_VERSIONS=$(mktemp -d); export AIDOC_VERSIONS
trap 'rm -rf "$AIDOC_VERSIONS"' EXIT
mkdir -p "$CACHE/versions"
number=0
for commit in $VERSIONS; do
	number=$((number + 1)); built=$CACHE/versions/$commit
	[ -d "$built" ] || older "$commit" "$built"
	ln -s "$built" "$AIDOC_VERSIONS/$number-$commit"
done
say 'Older agents and plugins beside the present ones'
go test -tags 'e2e versions' -count 1 -parallel 3 -timeout 25m -run 'TestOtherVersions|TestUpgradeAndBack' -v "$@" ./test/e2e
