#!/usr/bin/env bash
# vuln.sh [DIR]   known vulnerabilities in what the agent is built from (or the Go module in DIR), by govulncheck.
# The database is https://vuln.go.dev where that answers, else the reports in the module golang.org/x/vulndb as pinned below, which the Go
# module proxy serves; GOVULNDB names another. Ends with 1 on a vulnerability in code that is called, 2 where there is no database.
# VULN_SCAN=module looks at versions only, which takes seconds; it ends with 1 on any of them.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
GOVULNCHECK=golang.org/x/vuln/cmd/govulncheck@v1.9.0
VULNDB=golang.org/x/vulndb@v0.0.0-20261105234957-e22db6528018
dir=${1:-$ROOT} scan=${VULN_SCAN:-symbol}

# The pinned reports as a database on this machine; made once for each pin. Prints its folder.
pinned() {
	local db=$CACHE/vulndb/${VULNDB##*@} source stamp
	if [ ! -f "$db/index/db.json" ]; then
		# Outside of this module, so that go.mod does not learn of it; -json tells the folder.
		source=$(cd / && go mod download -json "$VULNDB" 2>/dev/null | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
		[ -n "$source" ] || return 1
		stamp=$(sed -E 's/.*-([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})-.*/\1-\2-\3T\4:\5:\6Z/' <<<"$VULNDB")
		rm -rf "$db.new"
		mkdir -p "$db.new"
		(cd "$ROOT" && go run ./scripts/vulnindex "$source/data/osv" "$db.new" "$stamp") >&2 || return 1
		rm -rf "$db"; mv "$db.new" "$db"
	fi
	echo "$db"
}

database() {
	if [ -n "${GOVULNDB:-}" ]; then echo "$GOVULNDB"; return; fi
	if curl -sfS -m 10 -o /dev/null https://vuln.go.dev/index/db.json 2>/dev/null; then echo https://vuln.go.dev; return; fi
	local folder
	folder=$(pinned) && echo "file://$folder"
}

db=$(database) || { printf '%sNOT CHECKED:%s neither https://vuln.go.dev nor the module %s is reachable from here. Nothing is known about known vulnerabilities; run this where one of them is.\n' "$RED" "$PLAIN" "$VULNDB" >&2; exit 2; }
case $db in
	file://*"${VULNDB##*@}") age=$(( ($(date +%s) - $(date -d "$(jq -r .modified "${db#file://}/index/db.json")" +%s)) / 86400 ))
		say "govulncheck with the pinned reports, $age days old (https://vuln.go.dev does not answer here)" ;;
	*) say "govulncheck with $db" ;;
esac

# What is judged is what a release is built with: the toolchain that go.mod names, where this machine may fetch it.
toolchain=$(cd "$dir" && awk '$1 == "toolchain" {print $2}' go.mod)
if [ -n "$toolchain" ] && (cd / && GOTOOLCHAIN=$toolchain go version >/dev/null 2>&1); then export GOTOOLCHAIN=$toolchain
elif [ -n "$toolchain" ]; then note "$toolchain is not to be had here: this machine's $(go env GOVERSION) is judged"; fi

cd "$dir"
patterns=(-tags nodynamic ./...)
[ "$scan" != module ] || patterns=()
status=0
tool=$CACHE/bin/govulncheck-${GOVULNCHECK##*@}-$(go env GOVERSION)
if [ ! -x "$tool" ]; then
	mkdir -p "$tool.dir"
	(cd / && GOBIN=$tool.dir go install "$GOVULNCHECK") >&2 || die "govulncheck could not be built: nothing was checked."
	mv "$tool.dir/govulncheck" "$tool"; rmdir "$tool.dir"
fi
out=$("$tool" -db "$db" -scan "$scan" "${patterns[@]}" 2>&1) || status=$?
case $status in
	0) grep -E '^(No vulnerabilities|Your code is affected|This scan also)' <<<"$out" | sed 's/^/    /'; exit 0 ;;
	3) grep -vE '^ +#[0-9]+:' <<<"$out"; printf '%serror:%s known vulnerabilities: take the versions named above (go get MODULE@VERSION; for stdlib the toolchain line of go.mod).\n' "$RED" "$PLAIN" >&2; exit 1 ;;
	*) printf '%s\n' "$out" >&2; die "govulncheck could not run (exit $status): nothing was checked." ;;
esac
