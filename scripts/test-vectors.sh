#!/usr/bin/env bash
# test-vectors.sh   the shared signing vectors, checked with an RFC 9421 library that is not ours.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
if ! have node || ! have npm; then scripts/install-deps.sh demo; fi
npm_ci test/rfc9421
say 'Signing vectors: an independent RFC 9421 implementation'
cd test/rfc9421 && node --test --test-reporter spec
