#!/usr/bin/env bash
# Measures extraction against the peers; see test/benchextract/main.go for the variables.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
cd "$ROOT"
missing=()
for pair in pdftotext:poppler-utils mutool:mupdf-tools ocrmypdf:ocrmypdf unpaper:unpaper tesseract:tesseract-ocr pdf2txt:python3-pdfminer python3:python3; do
	have "${pair%%:*}" || missing+=("${pair##*:}")
done
if [ ${#missing[@]} -gt 0 ]; then
	say "installing ${missing[*]}"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends "${missing[@]}" >/dev/null
fi
exec go run ./test/benchextract
