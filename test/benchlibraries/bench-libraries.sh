#!/usr/bin/env bash
# The agent's readers of Office files beside kept Go libraries and MuPDF, on the documents of set C that each takes: a table on standard output (ADR 7).
set -euo pipefail
cd "$(dirname "$0")"
corpus=${AIDOC_CORPUS:-../../../shared/corpus}
[ -f "$corpus/evaluate.py" ] || { echo "AIDOC_CORPUS does not name the corpus with evaluate.py" >&2; exit 2; }
command -v mutool >/dev/null || { echo "mutool is missing: apt-get install mupdf-tools" >&2; exit 2; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
go run . "$corpus/C/in" "$work" 2>"$work/refused"
mkdir "$work/aidoc" "$work/mutool"
for file in "$corpus"/C/in/*; do
	name=${file##*/}
	../../bin/aidoc-agent extract "$file" >"$work/aidoc/$name.txt" 2>/dev/null || rm "$work/aidoc/$name.txt"
	case $name in *.epub) mutool draw -q -F text "$file" >"$work/mutool/$name.txt" 2>/dev/null || rm "$work/mutool/$name.txt" ;; esac
done
# score LIBRARY TYPE: documents, refused, word F1 against the golden text, required strings
score() {
	(cd "$corpus/C/in" && ls -- *."$2") >"$work/ids"
	python3 "$corpus/evaluate.py" C "$work/$1" --only "$work/ids" --json "$work/scores" >/dev/null
	python3 - "$1" "$2" "$work/scores" "$work/ids" "$work/$1" <<'PY'
import json, os, sys
name, kind, scores, ids, texts = sys.argv[1:]
docs = [d for d in json.load(open(scores))['docs']]
golden = [d['wF'] for d in docs if d.get('wF') is not None and 'must_n' not in d]
must = [d for d in docs if 'must_n' in d]
ids = open(ids).read().split('\n')[:-1]
refused = sum(not os.path.exists(os.path.join(texts, i + '.txt')) for i in ids)
wanted = sum(d['must_n'] for d in must)
print(f"| {kind} | {name} | {len(ids)} | {refused} | {sum(golden)/len(golden):.4f} |" if golden else f"| {kind} | {name} | {len(ids)} | {refused} | – |",
      f"{sum(d.get('must_ok', 0) for d in must)} of {wanted} |" if wanted else "– |")
PY
}
echo "| type | reader | documents | not read | word F1 | required strings |"
echo "| --- | --- | ---: | ---: | ---: | ---: |"
for pair in "aidoc xlsx" "excelize xlsx" "tealeg-xlsx xlsx" "aidoc xls" "xlsReader xls" "aidoc docx" "fumiama-docx docx" "cat docx" \
	"aidoc odt" "cat odt" "aidoc rtf" "cat rtf" "aidoc epub" "mutool epub"; do
	# shellcheck disable=SC2086 # two words
	score $pair
done
sed 's/^/not read: /' "$work/refused"
