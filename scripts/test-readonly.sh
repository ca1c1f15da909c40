#!/usr/bin/env bash
# test-readonly.sh   the agent as the container runs it, without an engine: no root, no capability, a read-only root, no network, and
# only --data-dir and /tmp to write to. It reads a document, and writes nowhere else.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[ "$(id -u)" = 0 ] || { note 'read-only root: skipped, since making one needs root here'; exit 0; }
for tool in unshare setpriv; do have $tool || die "$tool (util-linux) is missing."; done
work=$(mktemp -d /tmp/aidoc-readonly.XXXXXX)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"; mkdir "$work/data" "$work/tmp"; chown nobody "$work/data" "$work/tmp"
cp "$ROOT/bin/aidoc-agent" "$work/aidoc-agent"; cp "$ROOT/test/documents/meeting.txt" "$ROOT/test/documents/paper.pdf" "$work/"

# inside COMMAND…: in mount, network and process namespaces of its own, everything read-only but two folders, as nobody.
inside() {
	# shellcheck disable=SC2016
	unshare --mount --net --pid --fork --mount-proc bash -euc '
		work=$1; shift
		mount --make-rprivate /
		mount --bind "$work/data" "$work/data"; mount --bind "$work/tmp" "$work/tmp"
		# Each mount of its own: read-only does not reach those below.
		while read -r _ at _; do
			case $at in "$work/data"|"$work/tmp"|/proc|/proc/*) ;; *) mount -o remount,bind,ro "$at" 2>/dev/null || true ;; esac
		done < /proc/self/mounts
		exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
			env -i PATH=/usr/bin:/bin HOME=/nonexistent TMPDIR="$work/tmp" OMP_THREAD_LIMIT=1 "$@"
	' bash "$work" "$@"
}
if inside touch "$work/forbidden" 2>/dev/null || inside touch /var/tmp/aidoc-forbidden 2>/dev/null; then die 'the root is writable: this test shows nothing.'; fi
inside touch "$work/data/allowed" || die 'the data folder is not writable: this test shows nothing.'
# reads WORD: documents are read, and doctor says WORD of what reads them.
reads() {
	local document text
	for document in meeting.txt paper.pdf; do
		text=$(inside "$work/aidoc-agent" --data-dir "$work/data" extract "$work/$document") || die "the agent cannot read $document on a read-only root."
		[ "${#text}" -gt 100 ] || die "the agent read nothing from $document."
	done
	text=$(inside "$work/aidoc-agent" --data-dir "$work/data" doctor --json 2>/dev/null | jq -r '.findings[] | select(.check == "readers").text') || true
	case $text in *"$1"*) ;; *) die "of what reads documents doctor says: $text" ;; esac
}
reads "aidoc-reader is missing"
cp "$ROOT/bin/aidoc-reader" "$work/"
reads "$work/aidoc-reader"
note 'read-only root, nobody, no capability, no network: documents are read, by the agent copied alone and with the program of its readers'
