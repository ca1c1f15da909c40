#!/usr/bin/env bash
# sqlite.sh   → prints the folder of the SQLite drop-in for WordPress, fetched once.
# It ships inside WordPress Playground's command line; only its 400 KB zip is kept, the package is never installed.
set -euo pipefail
# shellcheck source=../lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
package=@wp-playground/cli@3.1.56
dest=$CACHE/sqlite-database-integration
mkdir -p "$CACHE"
exec 9>"$dest.lock"; flock 9
[ -f "$dest/db.copy" ] && { echo "$dest"; exit 0; }

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent "$package" >npm.log 2>&1 </dev/null || { tail -n 5 npm.log >&2; die "npm could not fetch $package."; }
tar xzf ./*.tgz package/sqlite-database-integration.zip
unzip -q package/sqlite-database-integration.zip
mv plugin-sqlite-database-integration "$dest"
note "SQLite drop-in for WordPress fetched ($package)" >&2
echo "$dest"
