#!/usr/bin/env bash
# db.sh up|down DIR   a MariaDB of its own in DIR: socket only (DIR/sock names it), user root, no password.
set -euo pipefail
# shellcheck source=../lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
[ $# = 2 ] || die "usage: db.sh up|down DIR"
action=$1; mkdir -p "$2"; dir=$(cd "$2" && pwd)
export PATH=$PATH:/usr/sbin

down() {
	stop_group "$dir/mariadb.pid" 20
	[ ! -s "$dir/sock" ] || rm -rf "$(dirname "$(cat "$dir/sock")")"
	rm -f "$dir/sock"
}

up() {
	pid_alive "$dir/mariadb.pid" && return 0
	# Temporary tables in a folder of its own: a server that starts removes those that it finds, also another server's.
	mkdir -p "$dir/tmp"
	if [ ! -d "$dir/data/mysql" ]; then
		mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$dir/data" --tmpdir="$dir/tmp" --auth-root-authentication-method=normal \
			--skip-test-db >"$dir/install.log" 2>&1 || die "MariaDB could not make its files; the log is $dir/install.log"
	fi
	# Socket paths are limited to 107 bytes: never below DIR, which may be deep.
	local run; run=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-db.XXXXXX")
	echo "$run/m.sock" > "$dir/sock"
	setsid mariadbd --no-defaults --user="$(id -un)" --datadir="$dir/data" --tmpdir="$dir/tmp" --socket="$run/m.sock" --pid-file="$run/m.pid" \
		--skip-networking --innodb-flush-log-at-trx-commit=2 --innodb-buffer-pool-size=64M --character-set-server=utf8mb4 \
		>>"$dir/mariadb.log" 2>&1 </dev/null 9>&- &
	echo $! > "$dir/mariadb.pid"
	wait_for 60 "MariaDB (log: $dir/mariadb.log)" mariadb-admin --no-defaults -uroot --socket="$run/m.sock" ping || die "MariaDB did not start."
}

exec 9>"$dir/lock"; flock 9
"$action"
