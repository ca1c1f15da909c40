#!/usr/bin/env bash
# upload.sh SITEDIR FILE   uploads FILE through WordPress' own media API as the admin; prints the attachment's id.
# A refusal prints WordPress' sentence and exits 1.
set -euo pipefail
# shellcheck source=../lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
[ $# = 2 ] || die "usage: upload.sh SITEDIR FILE"
# shellcheck disable=SC1091
. "$1/site.env"
# The password goes by a file descriptor: arguments are visible to every user of the machine.
answer=$(curl -sS --max-time 120 -K <(printf 'user = "%s:%s"\n' "$LOGIN" "$APP_PASSWORD") "$URL/?rest_route=/wp/v2/media" \
	-F "file=@$2;filename=\"$(basename "$2")\"")
id=$(jq -r '.id // empty' <<<"$answer" 2>/dev/null) || true
[ -n "$id" ] || die "WordPress refused $(basename "$2"): $(jq -r '.message // .' <<<"$answer" 2>/dev/null || echo "$answer" | head -c 200)"
echo "$id"
