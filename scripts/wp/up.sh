#!/usr/bin/env bash
# up.sh sqlite|fpm DIR PORT [OPTION…]   a throwaway WordPress in DIR with the plugin active, on http://127.0.0.1:PORT
#   --wp oldest|current|newest   which WordPress (current)        --permalinks pretty|plain   (pretty)
#   --password PW                of the user admin (random)       --title TEXT
#   --db DIR                     share this MariaDB (fpm)         --no-plugin   leave the plugin out
#   --plugin DIR                 the plugin of another checkout
#   --cron                       let visits run WP-Cron           --clock +10m  the site's clock is off (libfaketime)
#   --access-log                 nginx writes DIR/access.log: when answered, seconds taken, status, method, address (fpm)
#   --cache 60s                  a cache in front that keeps every static file for that long, whatever it is told (fpm)
#   --cache-key '$uri'           what that cache tells files apart by; without the query here
#   --multisite                  a network of two sites, the second at /two/, the plugin active on all of them
# sqlite is `php -S` and needs no database server; fpm is nginx, php-fpm and MariaDB, as at a host.
# DIR/site.env tells URL, LOGIN, PASSWORD, APP_PASSWORD and SITE. Run again on the same DIR it starts the servers again.
# Everything runs as the calling user and listens on 127.0.0.1 only.
set -euo pipefail
# shellcheck source=../lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PATH=$PATH:/usr/sbin

[ $# -ge 3 ] || die "usage: up.sh sqlite|fpm DIR PORT [OPTION…]; the options are explained at the top of $0"
mode=$1 port=$3; mkdir -p "$2"; dir=$(cd "$2" && pwd); shift 3
wp=current permalinks=pretty password="" title='Throwaway' db=$dir/db plugin=$ROOT/plugin-php cron=off clock='' network='' requests='access_log off;' cache='' cachekey="\$request_uri"
while [ $# -gt 0 ]; do
	case $1 in
		--wp) wp=$2; shift ;; --permalinks) permalinks=$2; shift ;; --password) password=$2; shift ;;
		--title) title=$2; shift ;; --db) db=$2; shift ;; --clock) clock=$2; shift ;;
		--no-plugin) plugin= ;; --plugin) plugin=$2; shift ;; --cron) cron=on ;; --multisite) network=1 ;;
		--cache) cache=$2; shift ;;
		--cache-key) cachekey=$2; shift ;;
		--access-log) requests="log_format bench '\$msec \$request_time \$status \$request_method \$request_uri'; access_log $dir/access.log bench;" ;;
		*) die "up.sh knows no option $1" ;;
	esac; shift
done
case $mode in sqlite|fpm) ;; *) die "up.sh: the mode is sqlite or fpm, not '$mode'." ;; esac
site=$dir/site url=http://127.0.0.1:$port
[ -n "$password" ] || password=$(openssl rand -base64 12 | tr -d '/+=')

copy_plugin() {
	[ -n "$plugin" ] || return 0
	[ -f "$plugin/ai-doc-pipeline.php" ] || die "the plugin is missing: no ai-doc-pipeline.php in $plugin"
	local to=$site/wp-content/plugins/ai-doc-pipeline
	# A copy, not a link: __FILE__ and plugin_dir_url() are then what they are at a host. Tests and tooling stay out.
	rm -rf "$to"; mkdir -p "$to"
	tar -C "$plugin" --exclude=./tests --exclude='./*.xml.dist' --exclude=node_modules -cf - . | tar -C "$to" -xf -
}

create_files() {
	local tree; tree=$("$here/get.sh" "$wp")
	# Hard links: core's files are never written to, and a site costs 20 ms instead of 80 MB.
	cp -al "$tree" "$site" 2>/dev/null || { rm -rf "$site"; cp -r "$tree" "$site"; }
	mkdir -p "$site/wp-content/uploads" "$site/wp-content/plugins"
	if [ "$mode" = sqlite ]; then
		local dropin; dropin=$("$here/sqlite.sh")
		mkdir -p "$site/wp-content/database"
		cp -r "$dropin" "$site/wp-content/plugins/sqlite-database-integration"
		cp "$dropin/db.copy" "$site/wp-content/db.php"
	fi
}

write_config() {
	sed -e "s,@DB_NAME@,wp_$port," -e 's,@DB_USER@,root,' -e "s,@DB_SOCKET@,$(cat "$db/sock" 2>/dev/null || true)," -e "s,@URL@,$url," \
		-e "s,@DEBUG_LOG@,$dir/debug.log," -e "s,@SALT@,$(cat "$dir/salt")," -e "s,@CRON@,$cron," "$here/wp-config.tpl.php" > "$site/wp-config.php"
}

php_limits=(-d upload_max_filesize=64M -d post_max_size=64M -d memory_limit=256M -d display_errors=0)
# In a session of its own, so that its process group ends with it; the pid we keep is the group's. The library is preloaded
# without the faketime program, which would stand between (php-fpm would then open another session and escape).
detached() {
	if [ -n "$clock" ]; then
		local lib; lib=$(compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1') || die "faketime is not installed: scripts/install-deps.sh test"
		export LD_PRELOAD=$lib FAKETIME=$clock
	fi
	exec setsid "$@"
}

serve_sqlite() {
	( export PHP_CLI_SERVER_WORKERS=4; detached php "${php_limits[@]}" -S "127.0.0.1:$port" -t "$site" "$here/router.php" ) \
		>"$dir/php.log" 2>&1 </dev/null &
	echo $! > "$dir/php.pid"
}

# front SOCKET: nginx' server on the port that keeps what the site's own server, on the socket, answers: as at hosts that have one.
front() {
	cat <<-CONF
		proxy_cache_path $run/cache keys_zone=front:1m;
		server {
		    listen 127.0.0.1:$port;
		    location / { proxy_pass http://unix:$1; proxy_set_header Host \$http_host; proxy_read_timeout 120s; access_log off; }
		    location /wp-content/ {
		      proxy_pass http://unix:$1; proxy_set_header Host \$http_host; access_log off;
		      proxy_cache front; proxy_cache_valid 200 $cache; proxy_ignore_headers Cache-Control Expires Vary;
		      proxy_cache_key $cachekey; add_header X-Cache-Status \$upstream_cache_status;
		    }
		}
	CONF
}

serve_fpm() {
	local run fpm; run=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-fpm.XXXXXX"); echo "$run" > "$dir/run"
	fpm=$(compgen -c php-fpm | sort -V | tail -n1) || die "php-fpm is not installed: scripts/install-deps.sh test"
	cat > "$dir/fpm.conf" <<-CONF
		[global]
		error_log = $dir/fpm.log
		daemonize = no
		[www]
		clear_env = no
		user = $(id -un)
		group = $(id -gn)
		listen = $run/fpm.sock
		pm = static
		pm.max_children = 4
		catch_workers_output = yes
		php_admin_value[upload_max_filesize] = 64M
		php_admin_value[post_max_size] = 64M
		php_admin_value[memory_limit] = 256M
	CONF
	local listen=127.0.0.1:$port
	[ -z "$cache" ] || listen=unix:$run/back.sock
	cat > "$dir/nginx.conf" <<-CONF
		$([ "$(id -u)" != 0 ] || echo 'user root;')
		worker_processes 2; pid $run/nginx.pid; error_log $dir/nginx.log; daemon off;
		events { worker_connections 512; }
		http {
		  include /etc/nginx/mime.types; $requests sendfile on; client_max_body_size 64m;
		  client_body_temp_path $run/b; proxy_temp_path $run/p; fastcgi_temp_path $run/f; uwsgi_temp_path $run/u; scgi_temp_path $run/s;
		  $([ -z "$cache" ] || front "$run/back.sock")
		  server {
		    listen $listen; root $site; index index.php;
		    # The sites of a network share the files of the first.
		    rewrite ^/[_0-9a-zA-Z-]+(/wp-(?:content|admin|includes).*) \$1 last;
		    rewrite ^/[_0-9a-zA-Z-]+(/wp-[a-z-]+\.php)\$ \$1 last;
		    location / { try_files \$uri \$uri/ /index.php?\$args; }
		    location ~ \.php\$ {
		      try_files \$uri =404;
		      include /etc/nginx/fastcgi_params;
		      # Debian's fastcgi_params may pass the host without its port; WordPress then redirects elsewhere.
		      fastcgi_param HTTP_HOST \$host:$port;
		      fastcgi_param SCRIPT_FILENAME \$document_root\$fastcgi_script_name;
		      fastcgi_read_timeout 120s;
		      fastcgi_pass unix:$run/fpm.sock;
		    }
		  }
		}
	CONF
	local root_pool=(); [ "$(id -u)" != 0 ] || root_pool=(-R)
	( detached "$fpm" "${root_pool[@]}" -y "$dir/fpm.conf" ) >"$dir/fpm.out" 2>&1 </dev/null &
	echo $! > "$dir/fpm.pid"
	wait_for 20 "php-fpm (log: $dir/fpm.log)" test -S "$run/fpm.sock" || die "php-fpm did not start."
	( exec setsid nginx -e "$dir/nginx.log" -c "$dir/nginx.conf" ) >"$dir/nginx.out" 2>&1 </dev/null &
	echo $! > "$dir/nginx.pid"
}

port_open "$port" && die "port $port is in use: choose another, or stop what listens there."
first=; [ -f "$dir/site.env" ] || first=1
if [ -n "$first" ]; then
	rm -rf "$site"; create_files; copy_plugin
	openssl rand -hex 16 > "$dir/salt"
else
	# shellcheck disable=SC1091
	. "$dir/site.env"; password=${PASSWORD:?}; copy_plugin
fi
if [ "$mode" = fpm ]; then
	"$here/db.sh" up "$db"; db=$(cd "$db" && pwd)
	mariadb --no-defaults -uroot -S "$(cat "$db/sock")" -e "CREATE DATABASE IF NOT EXISTS wp_$port CHARACTER SET utf8mb4"
fi
write_config
[ -n "$first" ] || [ ! -f "$dir/network" ] || "$here/network.sh" "$site"
if [ -n "$first" ]; then
	app_password=$(php "$here/install.php" "$site" "$permalinks" "$title" "$password" 2>"$dir/install.log") || die "WordPress could not be installed; the log is $dir/install.log"
	[ -z "$plugin" ] || php "$here/wp.php" "$site" activate >>"$dir/install.log" 2>&1 || { tail -n 3 "$dir/install.log" >&2; die "the plugin could not be activated; the log is $dir/install.log"; }
	[ -z "$network" ] || { "$here/network.sh" "$site" && touch "$dir/network"; }
	printf 'URL=%q\nLOGIN=admin\nPASSWORD=%q\nAPP_PASSWORD=%q\nSITE=%q\nMODE=%q\nDB=%q\n' "$url" "$password" "$app_password" "$site" "$mode" "$db" > "$dir/site.env"
	chmod 600 "$dir/site.env"
else
	sed -i "s,^URL=.*,URL=$url," "$dir/site.env"
fi
"serve_$mode"
wait_for 60 "WordPress at $url (logs: $dir/*.log)" curl -sf -o /dev/null "$url/?rest_route=/" || { "$here/down.sh" "$dir"; die "WordPress did not answer."; }
note "WordPress $(wp_version "$site") ($mode, $permalinks permalinks) at $url"
