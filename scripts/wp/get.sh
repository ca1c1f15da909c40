#!/usr/bin/env bash
# get.sh oldest|current|newest   → prints the folder of a plain, relocatable WordPress tree.
# The trees come out of Debian's own packages (bookworm 6.1, trixie, sid), downloaded and unpacked, never installed, from
# the mirror that apt already uses. Kept in .cache/wordpress/<suite>; newer patch versions come with `make clean-cache`.
set -euo pipefail
# shellcheck source=../lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

case ${1:-} in
	oldest) suite=bookworm packages='wordpress-theme-twentytwentythree' ;;
	current) suite=trixie packages='wordpress-theme-twentytwentyfive libjs-lodash' ;;
	newest) suite=sid packages='wordpress-theme-twentytwentyfive libjs-lodash libjs-jquery-ui libphp-phpmailer' ;;
	*) die "usage: get.sh oldest|current|newest" ;;
esac
dest=$CACHE/wordpress/$suite
mkdir -p "$CACHE/wordpress"
exec 9>"$dest.lock"; flock 9                       # two sites may ask at once
[ -f "$dest/wp-includes/version.php" ] && { echo "$dest"; exit 0; }

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists/partial,cache/archives/partial,debs,root}
# shellcheck disable=SC2016  # apt's own variable
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m1 '/debian/\?$' || true)
[ -n "$mirror" ] || die "apt on this machine has no Debian mirror: WordPress for the demo and the tests comes from there."
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" > "$work/sources.list"
apt() {
	apt-get -qq -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root \
		-o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}
log=$CACHE/wordpress/$suite.log
{
	apt update
	# shellcheck disable=SC2086  # a list of packages
	cd "$work/debs" && apt download wordpress libjs-cropper libjs-underscore php-getid3 $packages
} >"$log" 2>&1 </dev/null || { tail -n 5 "$log" >&2; die "could not download WordPress ($suite); the log is $log"; }
for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$work/root"; done

tree=$work/root/usr/share/wordpress
rm -f "$tree/.htaccess" "$tree/wp-config.php"
dangling=$(find "$tree" -xtype l | head -3)
[ -z "$dangling" ] || die "Debian's WordPress ($suite) now links into a package that get.sh does not fetch: $dangling"
rm -rf "$dest.new"; cp -rL "$tree" "$dest.new"; mv "$dest.new" "$dest"
note "WordPress $(wp_version "$dest") unpacked (Debian $suite)" >&2
echo "$dest"
