#!/usr/bin/env bash
# demo.sh up|stop   the whole road on this machine: a throwaway WordPress on SQLite, an agent that joins it, the
# documents of test/documents. No API key, no database server, nothing that listens anywhere but on 127.0.0.1.
# State is in demo/ (git-ignored). `up` again uses the same site and agent and uploads only what is not there yet.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
demo=$ROOT/demo wp=$ROOT/scripts/wp agent=$ROOT/bin/aidoc-agent
start=$SECONDS
total=0

stop_all() {
	stop_group "$demo/agent.pid" 30          # the agent gives its leases back first, so WordPress must still be there
	"$wp/down.sh" "$demo/wordpress"
}

load_site() { [ -f "$demo/wordpress/site.env" ] && . "$demo/wordpress/site.env"; }
site_answers() { load_site && pid_alive "$demo/wordpress/php.pid" && curl -sf -o /dev/null --max-time 5 "$URL/?rest_route=/"; }

site_up() {
	if site_answers; then note "WordPress is still up"; return; fi
	stop_all
	# The site's address is part of every signature: a site that comes back keeps its port, or starts afresh.
	local port=''
	if load_site; then
		port=${URL##*:}
		if port_open "$port"; then
			note "port $port is taken by something else now: starting with a fresh site"
			rm -rf "$demo/wordpress" "$demo/agent" "$demo/uploaded.tsv"; port=''
		fi
	fi
	[ -n "$port" ] || port=$(free_port "${DEMO_PORT:-8088}")
	"$wp/up.sh" sqlite "$demo/wordpress" "$port" --title 'aidoc demo' --cron
}

api() { # PATH [curl options]: the admin's REST call, the password through a file descriptor
	curl -sS --max-time 60 -K <(printf 'user = "%s:%s"\n' "$LOGIN" "$APP_PASSWORD") "$URL/?rest_route=$1" "${@:2}"
}

agent_up() {
	if [ "$(cat "$demo/agent/joined" 2>/dev/null)" != "$URL" ]; then
		local token; token=$(php "$wp/wp.php" "$SITE" agent "$(hostname -s 2>/dev/null || echo this-machine)" 2>"$demo/agent-create.log" | jq -r .token) ||
			die "WordPress could not create an agent; the log is $demo/agent-create.log"
		rm -rf "$demo/agent"
		AIDOC_JOIN_TOKEN=$token "$agent" --data-dir "$demo/agent" join "$URL" >"$demo/join.log" 2>&1 || { tail -n 3 "$demo/join.log" >&2; die "the agent could not join; the log is $demo/join.log"; }
		echo "$URL" > "$demo/agent/joined"
		note "the agent has joined $URL with a one-time token"
	fi
	[ ! "$agent" -nt "$demo/agent.pid" ] || stop_group "$demo/agent.pid" 30 # built anew since it started
	pid_alive "$demo/agent.pid" && { note "the agent is still running"; return; }
	setsid "$agent" --data-dir "$demo/agent" run >>"$demo/agent.log" 2>&1 </dev/null &
	echo $! > "$demo/agent.pid"
	note "the agent runs (pid $(cat "$demo/agent.pid"), log $demo/agent.log); it has no open port"
}

upload_all() {
	local file name id
	touch "$demo/uploaded.tsv"
	for file in "$ROOT"/test/documents/*.*; do
		name=$(basename "$file")
		case $name in *.md|*.sh|*.php) continue ;; esac
		if id=$(awk -F'\t' -v n="$name" '$1 == n {print $2}' "$demo/uploaded.tsv") && [ -n "$id" ] && api "/wp/v2/media/$id" -f -o /dev/null 2>/dev/null; then continue; fi
		sed -i "/^$name\t/d" "$demo/uploaded.tsv"
		id=$("$wp/upload.sh" "$demo/wordpress" "$file") || exit 1
		printf '%s\t%s\n' "$name" "$id" >> "$demo/uploaded.tsv"
		note "uploaded $name"
	done
	ids=$(cut -f2 "$demo/uploaded.tsv" | paste -sd,); total=$(wc -l < "$demo/uploaded.tsv")
}

# Waits until no document moves any more; a line for each change, or one line that changes on a terminal.
watch_queue() {
	local limit=$((SECONDS + 900)) items done_n before='' now
	while :; do
		items=$(api "/aidoc/v1/items&attachments=$ids") || die "WordPress stopped answering; its log is $demo/wordpress/php.log"
		done_n=$(jq '[.items[] | select(.pending | not)] | length' <<<"$items" 2>/dev/null) || die "WordPress gave an answer that is not JSON; its log is $demo/wordpress/debug.log"
		now="$done_n of $total documents$(jq -r '[.items[] | select(.state == "processing") | " · " + .title + ": " + (.detail // .label)] | join("")' <<<"$items")"
		if [ "$now" != "$before" ]; then
			if [ -t 1 ]; then printf '\r\e[K    %s' "$(cut -c "1-$(( $(tput cols 2>/dev/null || echo 100) - 6 ))" <<<"$now")"; else note "$now"; fi
			before=$now
		fi
		[ "$done_n" = "$total" ] && break
		pid_alive "$demo/agent.pid" || { echo; tail -n 3 "$demo/agent.log" >&2; die "the agent stopped; its log is $demo/agent.log"; }
		[ "$SECONDS" -lt "$limit" ] || { echo; die "the documents are not done after 15 minutes; the agent's log is $demo/agent.log"; }
		sleep 0.5
	done
	[ ! -t 1 ] || printf '\r\e[K'
}

up() {
	say 'Packages'; "$ROOT/scripts/install-deps.sh" build demo
	mkdir -p "$demo"
	say 'Agent'; make -C "$ROOT" build >"$demo/build.log" 2>&1 || { tail -n 5 "$demo/build.log" >&2; die "the agent could not be built; the log is $demo/build.log"; }
	note "bin/aidoc-agent, $("$agent" version 2>/dev/null | head -n1)"
	say 'WordPress'; site_up
	load_site
	agent_up
	say 'Documents'; upload_all
	watch_queue
	echo
	php "$wp/report.php" "$SITE" "$ids" mixed.pdf
	echo
	say "Done in $((SECONDS - start)) s"
	printf '    Media library  %s/wp-admin/upload.php?mode=list\n    Summaries      %s/wp-admin/edit.php?post_type=aidoc_summary\n    Log in as      %s / %s\n' \
		"$URL" "$URL" "$LOGIN" "$PASSWORD"
	note "Upload something of yours there: the agent takes it within seconds. 'make demo-stop' ends both."
}

case ${1:-} in
	up) up ;;
	stop) stop_all; say 'The demo is stopped. Its files are in demo/; make demo starts it again, make clean removes them.' ;;
	*) die 'usage: demo.sh up|stop' ;;
esac
