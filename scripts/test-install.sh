#!/usr/bin/env bash
# test-install.sh   installs the agent as operators do and works with it: the Debian package in a bare system of debootstrap, and the image of the
# Dockerfile, built and run by buildah in a chroot. Both join a real WordPress by the lines that README, the package and configs/kubernetes print.
# No container engine and no registry of images is needed: the base images are made here, with this machine's Go toolchain, mirrors and module
# proxy. Needs root and 6 GB; a quarter of an hour.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
[ "$(id -u)" = 0 ] || die 'installing into a bare system needs root.'
[ -x bin/aidoc-agent ] || die 'bin/aidoc-agent is missing: run make build first.'
scripts/install-deps.sh build test
for tool in buildah debootstrap; do have "$tool" || apt-get install -y --no-install-recommends buildah debootstrap >/dev/null; done
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
work=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-install.XXXXXX"); chmod 755 "$work"
builder() { buildah --root "$work/storage" --runroot "$work/run" "$@"; }
mounted=()
cleanup() {
	scripts/wp/down.sh "$work/site" >/dev/null 2>&1 || true
	builder rm --all >/dev/null 2>&1 || true
	for m in "${mounted[@]}"; do umount "$m" 2>/dev/null || true; done
	rm -rf --one-file-system "$work"
}
trap cleanup EXIT

say 'A site'
scripts/wp/get.sh current >/dev/null; scripts/wp/sqlite.sh >/dev/null
scripts/wp/up.sh sqlite "$work/site" "$(free_port 18790)" --password password >/dev/null
# shellcheck disable=SC1091
SITE_URL=$(. "$work/site/site.env"; echo "$URL") SITE_ROOT=$(. "$work/site/site.env"; echo "$SITE")
wp() { php -d display_errors=0 scripts/wp/wp.php "$SITE_ROOT" "$@"; }
token() { wp agent "$1" | sed -n 's/.*"token": *"\([^"]*\)".*/\1/p'; }
document() { wp insert "$ROOT/test/documents/scan.pdf" >/dev/null; } # a scan: it needs recognition
done_count() { wp sql "SELECT COUNT(*) AS n FROM {p}aidoc_jobs WHERE state = 'done'" | tr -dc 0-9; }

say 'A bare Debian by debootstrap'
suite=$(. /etc/os-release; echo "$VERSION_CODENAME")
base=$work/debian
debootstrap --variant=minbase --include=ca-certificates "$suite" "$base" >"$work/debootstrap.log" 2>&1 || { tail -n 5 "$work/debootstrap.log" >&2; die 'debootstrap failed.'; }
# What this machine trusts, the authority of a proxy of its own included.
cp -L /etc/ssl/certs/ca-certificates.crt "$base/etc/ssl/certs/ca-certificates.crt"
# This machine's mirrors; only Debian's own, of which the bare system has the keys.
rm -rf "$base/etc/apt/sources.list" "$base/etc/apt/sources.list.d"; mkdir "$base/etc/apt/sources.list.d"
for f in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
	if [ -e "$f" ] && grep -q 'debian-archive-keyring\|debian\.org/debian\|/debian ' "$f"; then cp -L "$f" "$base/etc/apt/sources.list.d/"; fi
done
[ ! -f "$base/etc/apt/sources.list.d/sources.list" ] || mv "$base/etc/apt/sources.list.d/sources.list" "$base/etc/apt/"
cp -rL /etc/apt/apt.conf.d/. "$base/etc/apt/apt.conf.d/"

say 'The Debian package in it'
system=$work/system; cp -a "$base" "$system"
mount -t proc proc "$system/proc"; mounted+=("$system/proc")
mount --bind /dev "$system/dev"; mounted=("$system/dev" "${mounted[@]}")
inside() { chroot "$system" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 "$@"; }
cp /etc/resolv.conf /etc/hosts "$system/etc/"
SOURCE_DATE_EPOCH=1700000000 scripts/deb.sh bin "$(cat VERSION)" . "$system/root" 2>/dev/null
inside sh -c 'apt-get update && apt-get install -y --no-install-recommends sudo systemd /root/aidoc-agent_*.deb' >"$work/apt.log" 2>&1 || { tail -n 20 "$work/apt.log" >&2; die 'apt does not install the package in a bare Debian.'; }
inside systemd-analyze verify --man=no /usr/lib/systemd/system/aidoc-agent.service >"$work/verify" 2>&1 || { cat "$work/verify"; die 'systemd finds fault with the unit.'; }
# The line that the package itself prints, for this site.
line=$(sed -n 's/^ *\(sudo -u aidoc-agent .* join\) https.*/\1/p' "$work/apt.log" | head -1)
[ -n "$line" ] || die 'the package prints no line to join with.'
token packaged | inside sh -c "$line $SITE_URL -" || die "the line that the package prints does not join: $line"
document
inside sudo -u aidoc-agent aidoc-agent --data-dir /var/lib/aidoc-agent once >"$work/once.log" 2>&1 || { tail -n 20 "$work/once.log" >&2; die 'the installed agent does not do a document.'; }
[ "$(done_count)" = 1 ] || die 'the document did not become a summary.'
note 'installed with apt, unit verified, joined by its own line, a scan done'

say 'Base images'
image() { # NAME FOLDER…   an image of the folders, one over the other
	local name=$1 container; shift
	container=$(builder from scratch)
	for folder; do builder add -q "$container" "$folder" / >/dev/null; done
	builder config --env PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin --env "GOPROXY=$(go env GOPROXY)" --env "GOSUMDB=$(go env GOSUMDB)" "$container"
	builder commit -q --rm "$container" "$name" >/dev/null
}
mkdir -p "$work/go/usr/local"; cp -r "$(go env GOROOT)" "$work/go/usr/local/go"
image localhost/run-base "$base"
image localhost/build-base "$base" "$work/go"

say 'The image'
mkdir "$work/source"; git archive HEAD | tar -x -C "$work/source"
builder bud -q --build-arg BUILD_IMAGE=localhost/build-base --build-arg RUN_IMAGE=localhost/run-base --build-arg GOTOOLCHAIN=local --build-arg "VERSION=$(scripts/version.sh)" \
	-t localhost/aidoc-agent "$work/source" >"$work/build.log" 2>&1 || { tail -n 30 "$work/build.log" >&2; die 'the image does not build.'; }
agent=$(builder from localhost/aidoc-agent)
contained() { builder run --user 10001:10001 "$agent" -- "$@"; }
[ "$(contained stat -c '%U %a' /var/lib/aidoc)" = 'aidoc 700' ] || die "the data folder is not the agent's alone."
if contained sh -c 'command -v gcc || command -v go' >/dev/null 2>&1; then die 'the image has a compiler.'; fi
contained aidoc-agent join "$SITE_URL" "$(token contained)" || die 'the line at the top of the Dockerfile does not join.'
document
contained aidoc-agent once >"$work/once.log" 2>&1 || { tail -n 20 "$work/once.log" >&2; die 'the agent in the image does not do a document.'; }
[ "$(done_count)" = 2 ] || die 'the document did not become a summary.'
contained aidoc-agent doctor >"$work/doctor.log" || { cat "$work/doctor.log"; die 'doctor finds fault with the image.'; }
grep -q '^ok .*readers .*/usr/local/bin/aidoc-reader' "$work/doctor.log" || die 'documents are not read by the program for it.'
# The command of the replicas' first start, as the manifest has it.
line=$(sed -n "s/.*command: \[sh, -c, '\(.*\)'\]\$/\1/p" configs/kubernetes/fleet.yaml)
[ -n "$line" ] || die 'configs/kubernetes/fleet.yaml has no command that joins.'
token replica >"$work/token-3"
builder copy -q "$agent" "$work/token-3" /join/token-3 >/dev/null
contained sh -c "export SITE=$SITE_URL HOSTNAME=aidoc-agent-3 AIDOC_DATA_DIR=/var/lib/aidoc/agent; mkdir -p \$AIDOC_DATA_DIR; $line && $line && ls \$AIDOC_DATA_DIR/sites/*.json" || die 'the command in fleet.yaml does not join.'
note "$(builder images --format '{{.Size}}' localhost/aidoc-agent); joined by the lines of Dockerfile and fleet.yaml, a scan done, doctor content"
