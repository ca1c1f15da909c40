#!/usr/bin/env bash
# down.sh DIR [--rm]   stops the servers that up.sh started in DIR; with --rm DIR is removed too.
# A database shared by --db is left running: `db.sh down` stops it.
set -euo pipefail
# shellcheck source=../lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -d "${1:-}" ] || exit 0
dir=$(cd "$1" && pwd)
for name in nginx fpm php; do stop_group "$dir/$name.pid"; done
[ ! -s "$dir/run" ] || { rm -rf "$(cat "$dir/run")"; rm -f "$dir/run"; }
[ ! -d "$dir/db" ] || "$here/db.sh" down "$dir/db"
[ "${2:-}" != --rm ] || rm -rf "$dir"
