#!/usr/bin/env bash
# libreoffice.sh IN OUT PROFILE   the text of an office document as LibreOffice gives it: text of documents, all sheets of tables as
# CSV, and slides by way of PDF, for which it has no text filter. PROFILE is a folder that no other LibreOffice uses meanwhile.
set -euo pipefail
profile=$3
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
name=${1##*/}
to() { soffice "-env:UserInstallation=file://$profile" --headless --convert-to "$1" --outdir "$work/out" "$2" >/dev/null 2>&1 && [ -n "$(ls "$work/out" 2>/dev/null)" ]; }
case ${name,,} in
*.xls | *.xlsx | *.xlsm | *.xlsb | *.ods | *.fods | *.csv) to 'csv:Text - txt - csv (StarCalc):9,34,76,1,,0,false,true,false,false,false,-1' "$1"; cat "$work"/out/*.csv >"$2" ;;
*.ppt | *.pptx | *.pptm | *.ppsx | *.odp | *.fodp) to pdf "$1"; pdftotext "$work"/out/*.pdf "$2" ;;
*) to 'txt:Text (encoded):UTF8' "$1"; cat "$work"/out/*.txt >"$2" ;;
esac
