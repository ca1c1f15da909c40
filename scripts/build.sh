#!/usr/bin/env bash
# build.sh [--release] FOLDER VERSION   FOLDER/aidoc-agent and FOLDER/aidoc-reader, the program of its readers (docs/adr/0039-a-readers-own-program.md). Both get
# the same build number, by which the agent knows its readers. --release: bytes that do not depend on where they are built.
# An empty VERSION is the number in the file VERSION, with -dev.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
flags=(-tags nodynamic -buildvcs=false) link='-s -w'
if [ "${1:-}" = --release ]; then shift; flags+=(-trimpath) link+=' -buildid='; fi
[ $# = 2 ] || { echo 'usage: build.sh [--release] FOLDER VERSION' >&2; exit 2; }
out=$1 version=${2:-$(cat VERSION)-dev}

# Of everything that decides what a reader does, also where there is no git and what is checked out has changes that are not committed.
module=$(go list -m)
# shellcheck disable=SC2016 # a template of go list
sources=$(go list -tags nodynamic -deps -f '{{$p := .}}{{with .Module}}{{if .Main}}{{range $p.GoFiles}}{{$p.Dir}}/{{.}}
{{end}}{{range $p.CgoFiles}}{{$p.Dir}}/{{.}}
{{end}}{{range $p.EmbedFiles}}{{$p.Dir}}/{{.}}
{{end}}{{end}}{{end}}' ./extract ./extract/reader | grep . | sed "s|^$PWD/||" | LC_ALL=C sort -u)
number=$version+$( { go env GOVERSION GOARCH; cat go.mod go.sum; echo "$sources"; tr '\n' '\0' <<<"$sources" | xargs -0 cat; } | sha256sum | cut -c1-12)

mkdir -p "$out"
link+=" -X $module/extract/internal/child/wire.build=$number"
go build "${flags[@]}" -ldflags "$link -X main.version=$version" -o "$out/aidoc-agent" .
go build "${flags[@]}" -ldflags "$link" -o "$out/aidoc-reader" ./extract/reader
