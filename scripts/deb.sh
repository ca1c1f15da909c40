#!/usr/bin/env bash
# deb.sh FOLDER VERSION SOURCE OUT   OUT/aidoc-agent_VERSION_ARCH.deb: the programs in FOLDER (scripts/build.sh) with unit, account and state folder. SOURCE is the
# repository they were built from. The same input and SOURCE_DATE_EPOCH give the same bytes.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[ $# = 4 ] || die "usage: deb.sh FOLDER VERSION SOURCE OUT"
programs=("$1/aidoc-agent" "$1/aidoc-reader") version=$2 src=$3 out=$4
for tool in dpkg-deb dpkg-query readelf ldd; do have "$tool" || die "$tool is missing: a Debian package is built on Debian (scripts/install-deps.sh build)."; done
umask 022
tree=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-deb.XXXXXX"); chmod 755 "$tree"
trap 'rm -rf "$tree"' EXIT

# Debian sorts 0.1.0~dev.abc before 0.1.0, as it should be; with a hyphen it would come after.
deb_version=${version/-/\~}

# A C library that is older than the one it was linked with does not have all it calls.
libc=$(dpkg-query -W -f '${Version}' libc6 | sed 's/-.*//')

# libraries: the packages of the shared libraries that the programs were linked against.
libraries() {
	local name path
	readelf -d "${programs[@]}" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u | while read -r name; do
		path=$(ldd "${programs[@]}" | awk -v n="$name" '$1 == n && $2 == "=>" {print $3; exit}')
		case $name in ld-linux*) continue ;; esac
		[ -n "$path" ] || die "the library $name is not installed."
		dpkg-query -S "$(readlink -f "$path")" 2>/dev/null || dpkg-query -S "$path" 2>/dev/null || dpkg-query -S "*/$(basename "$(readlink -f "$path")")"
	done | sed 's/:.*//' | sort -u | sed "s/^libc6\$/libc6 (>= $libc)/" | paste -sd, | sed 's/,/, /g'
}

install -d "$tree/usr/bin"
install -m 0755 "${programs[@]}" "$tree/usr/bin/"
install -D -m 0644 "$src/configs/debian/agent.yaml" "$tree/etc/aidoc-agent/agent.yaml"
install -D -m 0644 "$src/configs/systemd/aidoc-agent.sysusers" "$tree/usr/lib/sysusers.d/aidoc-agent.conf"
install -d "$tree/usr/lib/systemd/system"
sed -e 's|/usr/local/bin/|/usr/bin/|' "$src/configs/systemd/aidoc-agent.service" >"$tree/usr/lib/systemd/system/aidoc-agent.service"
doc=$tree/usr/share/doc/aidoc-agent
install -d "$doc"
install -m 0644 "$src/configs/agent.example.yaml" "$src/README.md" "$src/docs/operations.md" "$doc/"
install -m 0644 "$src/LICENSE" "$doc/copyright"
gzip -9n <"$src/CHANGELOG.md" >"$doc/changelog.gz"
install -D -m 0644 "$src/configs/prometheus/aidoc-agent.rules.yaml" "$doc/prometheus/aidoc-agent.rules.yaml"
install -D -m 0644 "$src/configs/grafana/aidoc-agents.json" "$doc/grafana/aidoc-agents.json"
install -d "$tree/DEBIAN"
install -m 0755 "$src"/configs/debian/{postinst,prerm,postrm} "$tree/DEBIAN/"
echo /etc/aidoc-agent/agent.yaml >"$tree/DEBIAN/conffiles"
cat >"$tree/DEBIAN/control" <<CONTROL
Package: aidoc-agent
Version: $deb_version
Architecture: $(dpkg --print-architecture)
Maintainer: aidoc-pipeline <https://github.com/aidoc-pipeline/aidoc-agent>
Section: web
Priority: optional
Homepage: https://github.com/aidoc-pipeline/aidoc-agent
Installed-Size: $(du -sk --apparent-size --exclude=DEBIAN "$tree" | cut -f1)
Depends: $(libraries), ca-certificates, tzdata, tesseract-ocr, tesseract-ocr-eng, tesseract-ocr-osd, procps
Suggests: tesseract-ocr-deu, tesseract-ocr-fra
Description: reads documents uploaded to WordPress and delivers summaries
 The agent leases documents from the queue of the WordPress plugin AI Doc
 Pipeline, reads them in confined processes and pushes back draft summaries.
 It opens every connection itself; nothing connects to it.
CONTROL
find "$tree" -exec touch -h -d "@${SOURCE_DATE_EPOCH:-0}" {} +
mkdir -p "$out"
dpkg-deb --root-owner-group -Zzstd --build "$tree" "$out" >&2
