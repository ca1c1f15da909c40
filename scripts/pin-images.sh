#!/usr/bin/env bash
# pin-images.sh            asks the registry for the digests of the Dockerfile's base images and writes them into it
# pin-images.sh --check    fails where a base image is neither pinned by digest nor marked "unpinned"
# pin-images.sh --strict   fails where one is not pinned: what a release of the image demands
# This script takes a digest from the registry and from nowhere else: on a machine that reaches none it changes nothing.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
file=${DOCKERFILE:-$ROOT/Dockerfile}

# images: NAME VALUE of each `ARG …_IMAGE=`. Every FROM must take one of them.
images() { sed -n 's/^ARG \([A-Z]*_IMAGE\)=\(.*\)$/\1 \2/p' "$file"; }
stages() { awk 'toupper($1) == "FROM" {print $2}' "$file"; }
pinned() { [[ $1 =~ ^[a-z0-9./_-]+:[A-Za-z0-9._-]+@sha256:[0-9a-f]{64}$ ]]; }

check() { # strict?
	local from name value bad=0
	while read -r from; do
		[[ $from =~ ^\$\{[A-Z]+_IMAGE\}$ ]] || { echo "FROM $from names its image itself: use an ARG …_IMAGE" >&2; bad=1; }
	done < <(stages)
	while read -r name value; do
		pinned "$value" && continue
		if [ "$1" = strict ]; then echo "$name=$value has no digest: run scripts/pin-images.sh where the registry is reachable" >&2; bad=1
		elif ! grep -q "^# unpinned: $name\b" "$file"; then echo "$name=$value has no digest, and the Dockerfile does not say so" >&2; bad=1
		else note "$name is not pinned yet, and says so"; fi
	done < <(images)
	[ -n "$(images)" ] && [ $bad = 0 ]
}

# digest IMAGE: of the manifest list, as Docker Hub's registry states it.
digest() {
	local repo=library/${1%%:*} tag=${1#*:} token
	token=$(curl -fsS -m 20 "https://auth.docker.io/token?service=registry.docker.io&scope=repository:$repo:pull" | jq -r .token) || return 1
	curl -fsSI -m 20 -H "Authorization: Bearer $token" -H 'Accept: application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json' \
		"https://registry-1.docker.io/v2/$repo/manifests/$tag" | tr -d '\r' | sed -n 's/^docker-content-digest: *//Ip'
}

case ${1:-} in
	--check) check lenient || die 'the Dockerfile is not in order.' ;;
	--strict) check strict || die 'base images are not pinned by digest.' ;;
	'')
		while read -r name value; do
			image=${value%@*} sum=$(digest "${value%@*}") || true
			[[ ${sum:-} =~ ^sha256:[0-9a-f]{64}$ ]] || die "the registry does not answer for $image: nothing was changed."
			sed -i -e "s|^ARG $name=.*|ARG $name=$image@$sum|" -e "/^# unpinned: $name\b/d" "$file"
			note "$name=$image@$sum"
		done < <(images) ;;
	*) die "pin-images.sh knows --check and --strict, not $1" ;;
esac
