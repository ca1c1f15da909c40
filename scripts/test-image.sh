#!/usr/bin/env bash
# test-image.sh   builds the image of the Dockerfile and works in it, without a container engine and without a registry of images: the two base images
# are made here by debootstrap, with this machine's Go toolchain, Debian mirror and module proxy. Needs root.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
[ "$(id -u)" = 0 ] || die 'building an image in a chroot needs root.'
for tool in buildah debootstrap; do have "$tool" || { apt-get install -y --no-install-recommends buildah debootstrap >/dev/null; break; }; done
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
work=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-image.XXXXXX")
roots=(--root "$work/storage" --runroot "$work/run")
builder() { buildah "${roots[@]}" "$@"; }
cleanup() {
	builder rm --all >/dev/null 2>&1 || true
	umount -R "$work/storage" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT

say 'Base images: Debian by debootstrap, Go from this machine'
suite=$(. /etc/os-release; echo "$VERSION_CODENAME")
debootstrap --variant=minbase --include=ca-certificates "$suite" "$work/debian" >"$work/debootstrap.log" 2>&1 || { tail -n 5 "$work/debootstrap.log" >&2; die 'debootstrap failed.'; }
rm -rf "$work/debian/etc/apt/sources.list" "$work/debian/etc/apt/sources.list.d"
cp -rL /etc/apt/sources.list* "$work/debian/etc/apt/" 2>/dev/null || true
# Only Debian's own: other sources of this machine have keys that the image does not.
for f in "$work"/debian/etc/apt/sources.list.d/*; do [ -e "$f" ] && ! grep -q debian-archive-keyring "$f" && rm -f "$f"; done
[ ! -e /etc/apt/apt.conf.d ] || cp -rL /etc/apt/apt.conf.d/. "$work/debian/etc/apt/apt.conf.d/"
image() { # NAME FOLDER...   an image of the folders, one over the other
	local name=$1 c; shift
	c=$(builder from scratch)
	for folder; do builder add -q "$c" "$folder" / >/dev/null; done
	builder config --env PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin --env GOPROXY="$(go env GOPROXY)" --env GOSUMDB="$(go env GOSUMDB)" "$c"
	builder commit -q --rm "$c" "$name" >/dev/null
}
mkdir -p "$work/go/usr/local"
cp -r "$(go env GOROOT)" "$work/go/usr/local/go"
image localhost/aidoc-run-base "$work/debian"
image localhost/aidoc-build-base "$work/debian" "$work/go"
rm -rf "$work/debian" "$work/go"

say 'The image'
git archive HEAD | { mkdir "$work/source" && tar -x -C "$work/source"; }
builder bud -q --build-arg BUILD_IMAGE=localhost/aidoc-build-base --build-arg RUN_IMAGE=localhost/aidoc-run-base --build-arg "VERSION=$(scripts/version.sh)" \
	-t localhost/aidoc-agent "$work/source" >"$work/build.log" 2>&1 || { tail -n 30 "$work/build.log" >&2; die 'the image does not build.'; }
agent=$(builder from localhost/aidoc-agent)
inside() { builder run --user 10001:10001 "$agent" -- "$@"; }

say 'Work in it'
inside aidoc-agent version | grep -q '^aidoc-agent ' || die 'the agent in the image does not run.'
[ "$(inside id -u)" = 10001 ] || die 'the agent is not the user of the image.'
[ "$(inside stat -c '%U %a' /var/lib/aidoc)" = 'aidoc 700' ] || die "the data folder is not the agent's alone."
builder copy -q "$agent" test/documents/scan.pdf test/documents/report.docx /tmp/ >/dev/null
inside aidoc-agent extract /tmp/scan.pdf | grep -qi hypertension || die 'the image does not recognise text.'
inside aidoc-agent process /tmp/report.docx | grep -qi 'natural language toolkit' || die 'the image does not read an Office file.'
inside aidoc-agent doctor >"$work/doctor" 2>&1 || status=$?
grep -q 'join' "$work/doctor" || { cat "$work/doctor"; die "doctor does not say that no site was joined (exit ${status:-0})."; }
if inside sh -c 'command -v gcc || command -v go' >/dev/null; then die 'the image has a compiler.'; fi
note "$(builder images --format '{{.Size}}' localhost/aidoc-agent) for the image; it recognises, reads, and refuses to run without a site"
