#!/usr/bin/env bash
# test-release.sh   what a release promises, as far as it can be tested in a minute: bills of materials that CycloneDX's schema accepts and
# that name what is linked; a vulnerable dependency is found; the image's recipe is pinned or says that it is not; and the agent
# runs as nobody on a read-only root. That two builds are the same bytes is `make release-check`.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
work=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-release-test.XXXXXX")
trap 'rm -rf "$work"' EXIT

say 'bills of materials'
npm_ci test/release
for program in agent reader; do go run ./scripts/sbom -epoch 1700000000 $program bin/aidoc-$program test 1.28.0 >"$work/$program.cdx.json"; done
go run ./scripts/sbom -epoch 1700000000 plugin test plugin-php >"$work/plugin.cdx.json"
node test/release/validate.mjs "$work"/*.cdx.json
for program in agent reader; do
	linked=$(go version -m bin/aidoc-$program | awk '$1 == "dep" {print $2 "@" $3}' | sort)
	listed=$(jq -r '.components[] | select(.purl // "" | startswith("pkg:golang/")) | select(.name != "stdlib") | "\(.name)@\(.version)"' "$work/$program.cdx.json" | sort)
	[ "$linked" = "$listed" ] || { diff <(echo "$linked") <(echo "$listed"); die "the bill of materials of aidoc-$program is not what was linked."; }
done

say 'known vulnerabilities'
scripts/test-vuln.sh

say 'base images'
scripts/pin-images.sh --strict
sed -E '/^ARG [A-Z]+_IMAGE=/s|@sha256:[0-9a-f]+||' Dockerfile >"$work/silent"
! DOCKERFILE=$work/silent scripts/pin-images.sh --check 2>/dev/null || die 'an image without a digest that says nothing passes.'
{ echo '# unpinned: BUILD_IMAGE'; echo '# unpinned: RUN_IMAGE'; cat "$work/silent"; } >"$work/told"
DOCKERFILE=$work/told scripts/pin-images.sh --check || die 'an image that says that it has no digest is refused.'
! DOCKERFILE=$work/told scripts/pin-images.sh --strict 2>/dev/null || die 'an image without a digest passes for a release.'
sed 's|^FROM .*|FROM debian:bookworm-slim|' Dockerfile >"$work/literal"
! DOCKERFILE=$work/literal scripts/pin-images.sh --check 2>/dev/null || die 'a FROM that names its image itself passes.'
scripts/test-readonly.sh

say 'the Debian package'
scripts/test-deb.sh

say 'files of Kubernetes'
(cd test/kubernetes && env -u CGO_LDFLAGS go test -count=1 .)

say 'alerts and dashboard'
AIDOC_TEST_PROMTOOL=$(scripts/promtool.sh) go test -tags nodynamic -vet=off -count=1 ./agent/cli -run 'TestQueriesAreUnderstoodAndAlertsFire|TestEachAlertIsPlayedBothWays|TestPrometheusAnswersTheDashboard'
