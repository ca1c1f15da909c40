#!/usr/bin/env bash
# screenshots.sh   takes the pictures of docs/screenshots/screens anew, of the newest WordPress after the browser's tests. Look at each before
# you commit them.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
PICTURES=$ROOT/docs/screenshots/screens "$ROOT/scripts/test-browser.sh" newest
