# shellcheck shell=bash
# Shared by the scripts of this folder: where things are, how they speak, how they wait. Sourced, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export CACHE=${AIDOC_TEST_CACHE:-$ROOT/.cache}

# MuPDF and leptonica, which is loaded with tesseract, bring two libjpegs into one process; this keeps them apart.
export CGO_LDFLAGS='-O2 -g -Wl,--exclude-libs,ALL'

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
else BOLD='' DIM='' RED='' GREEN='' PLAIN=''; fi
export BOLD DIM RED GREEN PLAIN

say()  { printf '%s==>%s %s\n' "$GREEN" "$PLAIN" "$*"; }
note() { printf '    %s%s%s\n' "$DIM" "$*" "$PLAIN"; }
die()  { printf '%serror:%s %s\n' "$RED" "$PLAIN" "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# as_root COMMAND…: runs it with the rights to install packages, or says what is missing.
as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"
	elif have sudo; then sudo "$@"
	else die "'$1' needs root: run this as root, install sudo, or install the packages yourself (scripts/install-deps.sh --list)."
	fi
}

# wait_for SECONDS WHAT COMMAND…: until COMMAND succeeds; names WHAT when it does not.
wait_for() {
	local limit=$(( $1 * 10 )) what=$2 i; shift 2
	for (( i = 0; i < limit; i++ )); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done
	printf 'gave up waiting for %s\n' "$what" >&2
	return 1
}

# port_open PORT: true when something listens there.
port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port FROM: the first port from there on that nothing listens on.
free_port() { local p=$1; while port_open "$p"; do p=$((p + 1)); done; echo "$p"; }

# pid_alive PIDFILE: true while the process it names runs.
pid_alive() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }

# stop_group PIDFILE [SECONDS]: ends a process group started by us: TERM, then KILL after SECONDS (10).
stop_group() {
	local pid limit=$(( ${2:-10} * 10 )) i
	[ -s "$1" ] || return 0
	pid=$(cat "$1")
	if kill -TERM -- "-$pid" 2>/dev/null; then
		for (( i = 0; i < limit; i++ )); do kill -0 -- "-$pid" 2>/dev/null || break; sleep 0.1; done
		kill -KILL -- "-$pid" 2>/dev/null || true
	fi
	rm -f "$1"
}

# wp_version ROOT: of the WordPress there, read from its file: a start of WordPress takes .2 s of the processor.
wp_version() { sed -n "s/^\$wp_version = '\(.*\)';/\1/p" "$1/wp-includes/version.php"; }

# npm_ci DIR: installs what DIR's lock file names, once for each state of that file.
npm_ci() {
	local stamp=$1/node_modules/.installed log
	if [ -f "$stamp" ] && cmp -s "$stamp" "$1/package-lock.json"; then return 0; fi
	note "npm packages of $1"
	log=$(mktemp)
	(cd "$1" && npm ci --no-audit --no-fund --ignore-scripts) >"$log" 2>&1 </dev/null || { tail -n 5 "$log" >&2; die "npm could not install the packages of $1; the log is $log"; }
	rm -f "$log"; cp "$1/package-lock.json" "$stamp"
}
