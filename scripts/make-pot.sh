#!/usr/bin/env bash
# make-pot.sh [--check]   writes plugin-php/languages/ai-doc-pipeline.pot from the plugin's PHP; its JavaScript gets its texts from there.
# With --check it writes nothing and fails when a text of the plugin is not in the file, or a text of the file not in the plugin.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT/plugin-php"
POT=languages/ai-doc-pipeline.pot
have xgettext || die "xgettext is missing: install the package gettext."
new=$(mktemp); trap 'rm -f "$new"' EXIT
{
	echo '# Translations of AI Document Pipeline.'
	echo '# This file is distributed under the GPL-2.0-or-later licence; scripts/make-pot.sh writes it.'
	# No date: the same texts give the same file. Lines move with every change: a text is found by its file alone.
	find . -name '*.php' -not -path './tests/*' -printf '%P\n' | LC_ALL=C sort |
		xgettext --language=PHP --from-code=UTF-8 --add-comments=translators: --sort-by-file --add-location=file --files-from=- --output=- \
			--package-name='AI Document Pipeline' --package-version="$(sed -n 's/^ \* Version: *//p' ai-doc-pipeline.php)" \
			--keyword --keyword=__ --keyword=_e --keyword=_n:1,2 --keyword=_x:1,2c --keyword=_ex:1,2c --keyword=_nx:1,2,4c --keyword=_n_noop:1,2 \
			--keyword=esc_html__ --keyword=esc_html_e --keyword=esc_html_x:1,2c --keyword=esc_attr__ --keyword=esc_attr_e --keyword=esc_attr_x:1,2c |
		sed '/^# /d; /^#$/d; /^"POT-Creation-Date:/d; s/charset=CHARSET/charset=UTF-8/'
} >"$new"
if [ "${1:-}" = --check ]; then
	# Compared without headers, places and line breaks, which differ from one version of gettext to the next.
	texts() { msgcat --no-location --no-wrap --sort-output "$1" | grep '^msg'; }
	diff -u <(texts "$POT") <(texts "$new") || die "the translation template is not current: run scripts/make-pot.sh and commit $POT."
	exit 0
fi
cp "$new" "$POT"
note "$(grep -c '^msgid' "$POT") texts in plugin-php/$POT"
