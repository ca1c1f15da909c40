#!/usr/bin/env bash
# network.sh SITE   makes the installed WordPress in SITE (made by up.sh) a network of two sites in folders: the one there is, and
# /two/, with the plugin active on the whole network. Run again it only writes the constants, which up.sh overwrites.
set -euo pipefail
# shellcheck source=../lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
[ -f "${1:-}/wp-config.php" ] || die "usage: network.sh SITE"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
config=$1/wp-config.php
grep -q "'MULTISITE'" "$config" && exit 0

host=$(sed -n "s,^define( 'WP_HOME'\, 'http://\(.*\)' );,\1,p" "$config")
[ -n "$host" ] || die "no WP_HOME in $config"
log=$(mktemp)
if ! php "$here/network.php" "$1" "$host" tables >"$log" 2>&1; then tail -n 3 "$log" >&2; die "WordPress could not make the tables of a network; the log is $log"; fi
# WP_HOME would give every site the address of the first.
sed -i -e "/'WP_HOME'\|'WP_SITEURL'/d" -e "/^if ( ! defined( 'ABSPATH' ) )/i\\
define( 'MULTISITE', true );\\
define( 'SUBDOMAIN_INSTALL', false );\\
define( 'DOMAIN_CURRENT_SITE', '$host' );\\
define( 'PATH_CURRENT_SITE', '/' );\\
define( 'SITE_ID_CURRENT_SITE', 1 );\\
define( 'BLOG_ID_CURRENT_SITE', 1 );" "$config"
if ! php "$here/network.php" "$1" "$host" sites >"$log" 2>&1; then tail -n 3 "$log" >&2; die "WordPress could not make the second site; the log is $log"; fi
rm -f "$log"
