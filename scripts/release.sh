#!/usr/bin/env bash
# release.sh [--check]   build/release: the agent's archive and Debian package, the plugin's zip, a bill of materials (CycloneDX) for each program and the plugin, and SHA256SUMS,
# from what is committed and nothing else. The same commit, toolchain and Debian release give the same bytes.
# --check builds it once more, in another folder and with an empty Go build cache, and compares the sums.
# VERSION names the release (default: scripts/version.sh). RELEASE_GOTOOLCHAIN=local takes this machine's Go instead of the one go.mod names.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
out=$ROOT/build/release
[ -z "$(git status --porcelain --untracked-files=no)" ] || die "the working tree has changes that are not committed: a release is made from a commit. See 'git status'."
for tool in zip jq tar gzip readelf; do have "$tool" || die "$tool is missing: install it (scripts/install-deps.sh build)."; done
# Named once: whatever is checked out meanwhile, both builds are of this commit.
commit=$(git rev-parse HEAD)
version=${VERSION:-$(scripts/version.sh "$commit")}
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct "$commit")
GOTOOLCHAIN=${RELEASE_GOTOOLCHAIN:-$(awk '$1 == "toolchain" {print $2}' go.mod)}
export SOURCE_DATE_EPOCH GOTOOLCHAIN TZ=UTC LC_ALL=C
umask 022

# make_release SOURCE OUT: both are folders; SOURCE is a clean copy of the commit.
make_release() {
	local src=$1 to=$2 name program plugin_version bundle mupdf
	name=aidoc-agent-$version-linux-$(go env GOARCH)
	rm -rf "$to"; mkdir -p "$to"
	bundle=$src/bundle/$name; mkdir -p "$bundle"
	"$src/scripts/build.sh" --release "$bundle" "$version"
	cp -r "$src"/{LICENSE,README.md,SECURITY.md,CHANGELOG.md,configs} "$bundle/"
	mupdf=$(sed -n 's/^#define FZ_VERSION "\(.*\)"/\1/p' "$(cd "$src" && go list -m -f '{{.Dir}}' github.com/gen2brain/go-fitz)/include/mupdf/fitz/version.h")
	[ -n "$mupdf" ] || die "the version of MuPDF is not where go-fitz used to keep it: fix scripts/release.sh."
	for program in agent reader; do
		(cd "$src" && go run ./scripts/sbom -epoch "$SOURCE_DATE_EPOCH" $program "$bundle/aidoc-$program" "$version" "$mupdf") >"$to/${name/agent/$program}.cdx.json"
	done
	tar -C "$src/bundle" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --format=gnu -cf - "$name" | gzip -9n >"$to/$name.tar.gz"

	scripts/deb.sh "$bundle" "$version" "$src" "$to"

	rm -rf "$src/plugin"; mkdir -p "$src/plugin"
	tar -C "$src/plugin-php" --exclude=./tests --exclude='./*.xml.dist' -cf - . | tar -C "$src/plugin" --transform 's,^\.,ai-doc-pipeline,' -xf -
	find "$src/plugin" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
	(cd "$src/plugin" && find ai-doc-pipeline -type f | sort | zip -qX9 "$to/ai-doc-pipeline.zip" -@)
	plugin_version=$(sed -n 's/^ \* Version: *//p' "$src/plugin-php/ai-doc-pipeline.php")
	(cd "$src" && go run ./scripts/sbom -epoch "$SOURCE_DATE_EPOCH" plugin "$plugin_version" "$src/plugin/ai-doc-pipeline") >"$to/ai-doc-pipeline.cdx.json"
	(cd "$to" && sha256sum -- * >SHA256SUMS)
}

# copy_of_commit: a fresh folder with what is committed. Its name differs each time, and must not show in the result.
copy_of_commit() {
	local dir; dir=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-release.XXXXXX")
	git archive "$commit" | tar -C "$dir" -xf -
	echo "$dir"
}

work=$(copy_of_commit); again=
trap 'rm -rf "$work" "$again"' EXIT
say "release $version with $(go env GOVERSION)"
make_release "$work" "$out"
if [ "${1:-}" = --check ]; then
	again=$(copy_of_commit)
	say 'once more, elsewhere, with an empty build cache'
	GOCACHE=$again/.gocache make_release "$again" "$again/out"
	diff "$out/SHA256SUMS" "$again/out/SHA256SUMS" || die 'the second build differs: the release is not reproducible.'
	note 'both builds are the same, byte for byte'
fi
(cd "$out" && cat SHA256SUMS)
