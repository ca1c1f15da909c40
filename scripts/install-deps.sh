#!/usr/bin/env bash
# install-deps.sh [--list] [build|demo|test]…   (default: all)
# Installs the Debian packages that are missing for building the agent, for the demo, or for the tests.
# Does nothing, quickly, when all are there.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

build=(ca-certificates git make gcc g++ libc6-dev pkg-config libtesseract-dev libleptonica-dev zip jq binutils)
ocr=(tesseract-ocr tesseract-ocr-eng tesseract-ocr-osd)
site=(curl jq unzip openssl php-cli php-sqlite3 php-curl php-gd php-xml php-mbstring php-intl php-zip)
demo=("${ocr[@]}" "${site[@]}")
tests=("${demo[@]}" tesseract-ocr-deu tesseract-ocr-fra php-fpm php-mysql mariadb-server nginx-light
	phpunit php-codesniffer chromium poppler-utils faketime shellcheck gettext)
nodejs=(nodejs npm)

list_only=
[ "${1:-}" = --list ] && { list_only=1; shift; }
[ $# -gt 0 ] || set -- build demo test
want=()
for group; do
	case $group in
		build) want+=("${build[@]}") ;;
		demo) want+=("${demo[@]}"); have npm || want+=("${nodejs[@]}") ;;
		test) want+=("${tests[@]}"); have npm || want+=("${nodejs[@]}") ;;
		*) die "unknown group '$group': use build, demo or test." ;;
	esac
done
[ -z "$list_only" ] || { printf '%s\n' "${want[@]}" | sort -u; exit 0; }

have dpkg-query || die "this is not a Debian or Ubuntu machine: install by hand what 'scripts/install-deps.sh --list' names."

# A package counts as present when dpkg has it installed, or another installed package provides it (nginx for nginx-light).
missing=()
while read -r pkg; do
	case $(dpkg-query -W -f '${db:Status-Status}' "$pkg" 2>/dev/null) in installed) continue ;; esac
	if [ "$pkg" = nginx-light ] && [ -x /usr/sbin/nginx ]; then continue; fi
	missing+=("$pkg")
done < <(printf '%s\n' "${want[@]}" | sort -u)

if [ ${#missing[@]} -gt 0 ]; then
	say "installing ${#missing[@]} Debian packages: ${missing[*]}"
	log=$(mktemp)
	# No service of a package may start here: the tests run their own servers, in their own folders.
	guard=
	if [ ! -e /usr/sbin/policy-rc.d ]; then guard=1; fi
	cleanup() { [ -z "$guard" ] || as_root rm -f /usr/sbin/policy-rc.d; }
	trap cleanup EXIT
	[ -z "$guard" ] || printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
	[ -z "$guard" ] || as_root chmod 755 /usr/sbin/policy-rc.d
	install() {
		as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
			install -y -q --no-install-recommends "${missing[@]}"
	}
	{ as_root apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 update -q && install; } >"$log" 2>&1 </dev/null || {
		tail -n 15 "$log" >&2
		die "apt could not install them; the whole log is $log"
	}
	rm -f "$log"
fi

case " $* " in *" build "*)
	have go || die "Go is missing: install Go $(awk '$1 == "go" {print $2}' "$ROOT/go.mod") or newer from https://go.dev/dl/ and put it on PATH."
esac
