#!/usr/bin/env bash
# versitygw.sh   → prints the path of a real S3 server for the tests, built once into .cache/bin (about two minutes).
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
module=github.com/versity/versitygw/cmd/versitygw@v1.8.0
bin=$CACHE/bin/versitygw-${module##*@}
mkdir -p "$CACHE/bin"
exec 9>"$bin.lock"; flock 9
[ -x "$bin" ] && { echo "$bin"; exit 0; }
note "building the S3 server for the tests ($module)" >&2
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
# Outside of this module, and with Go's own cgo flags: it links no C library of ours.
(cd "$work" && env -u CGO_LDFLAGS GOFLAGS=-buildvcs=false GOBIN="$work" go install "$module" >"$CACHE/bin/versitygw.log" 2>&1) ||
	{ tail -n 5 "$CACHE/bin/versitygw.log" >&2; die "the S3 server could not be built; the log is $CACHE/bin/versitygw.log"; }
mv "$work/versitygw" "$bin"
echo "$bin"
