#!/usr/bin/env bash
# Writes llm/internal/prose/stopwords/*.txt: the lists of stop words that the Go library bleve carries (Snowball, Savoy, Lucene,
# stopwords-iso), a word a line. The library itself would bring a database and a search engine into every child process.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:-v2.6.3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" && go mod init stopwords >/dev/null 2>&1
dir=$(go mod download -json "github.com/blevesearch/bleve/v2@$version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
out=$OLDPWD/llm/internal/prose/stopwords
mkdir -p "$out"
rm -f "$out"/*.txt
for f in "$dir"/analysis/lang/*/stop_words_*.go; do
	lang=$(basename "$f" .go)
	# The list is the raw string; what follows a bar or a hash is a comment.
	awk '/StopWords = \[\]byte\(`/ {open=1; sub(/.*\(`/, "")} open && /`\)/ {sub(/`\).*/, ""); print; exit} open' "$f" |
		sed 's/[|#].*//' | tr -s '[:space:]' '\n' | sed '/^$/d' | LC_ALL=C sort -u >"$out/${lang#stop_words_}.txt"
done
