#!/usr/bin/env bash
# promtool.sh   prints the path of Prometheus' promtool: the installed one, else Debian's, unpacked into the cache and not installed, because
# the package brings a service that would listen on this machine.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
if have promtool; then command -v promtool; exit; fi
dir=$CACHE/promtool
if [ ! -x "$dir/usr/bin/promtool" ]; then
	have dpkg-deb || die "promtool is not installed, and this is no Debian machine: install Prometheus."
	work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
	(cd "$work" && apt-get -qq download prometheus) >&2 || die "apt cannot download prometheus: run apt-get update, or install promtool."
	dpkg-deb -x "$work"/prometheus_*.deb "$work/tree"
	mkdir -p "$(dirname "$dir")"; rm -rf "$dir"; mv "$work/tree" "$dir"
fi
echo "$dir/usr/bin/promtool"
