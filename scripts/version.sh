#!/usr/bin/env bash
# version.sh [COMMIT]   prints what a build is called: the number in the file VERSION where COMMIT (default: HEAD) has its tag, else
# that number with -dev and the commit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
number=$(cat VERSION)
commit=${1:-HEAD}
if short=$(git rev-parse --short "$commit" 2>/dev/null); then
	tag=$(git describe --tags --exact-match "$commit" 2>/dev/null || true)
	dirty=
	if [ $# = 0 ] && [ -n "$(git status --porcelain --untracked-files=no)" ]; then dirty=.dirty; fi
	if [ "$tag$dirty" != "v$number" ]; then number=$number-dev.$short$dirty; fi
fi
echo "$number"
