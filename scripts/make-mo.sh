#!/usr/bin/env bash
# make-mo.sh [--check]   brings each translation of the plugin (plugin-php/languages/*.po) to the texts of the template and compiles it (.mo).
# Texts that are new stay untranslated and are listed; no translation is guessed from a similar text. Run scripts/make-pot.sh before.
# With --check it writes nothing and fails when a text is missing, marked fuzzy or no longer in the template, when a placeholder is not the
# original's, or when the compiled file is not of this translation.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT/plugin-php/languages"
POT=ai-doc-pipeline.pot
for tool in msgmerge msgfmt msgattrib msgcat msgunfmt; do have "$tool" || die "$tool is missing: install the package gettext."; done
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

# As make-pot.sh does: without line breaks, which differ from one version of gettext to the next.
texts() { msgcat --no-location --no-wrap --sort-output "$1"; }
# The translation with exactly the texts of the template. No places: the template has them, and they move.
merged() { msgmerge --quiet --no-fuzzy-matching --no-location --output-file=- "$1" "$POT" | msgattrib --no-obsolete --no-location -; }
# Without the header, which msgattrib prints before them.
open_texts() { local which; for which in --untranslated --only-fuzzy; do msgattrib "$which" "$1" | sed '1,/^$/d'; done; }
compile() { msgfmt --check --output-file="$2" "$1"; }

for po in *.po; do
	new=$work/$po mo=${po%.po}.mo
	merged "$po" >"$new"
	if [ "${1:-}" = --check ]; then
		diff -u <(texts "$po") <(texts "$new") || die "$po has not the texts of the template: run scripts/make-mo.sh, translate what it lists, run it again."
		missing=$(open_texts "$new")
		[ -z "$missing" ] || die "$po has texts that are not translated, or are marked fuzzy:"$'\n'"$missing"
		compile "$new" "$work/$mo" || die "$po cannot be compiled: correct what is named above."
		[ -f "$mo" ] || die "$mo is missing: run scripts/make-mo.sh and commit it."
		diff -u <(msgunfmt "$mo") <(msgunfmt "$work/$mo") || die "$mo is not of $po: run scripts/make-mo.sh and commit it."
		continue
	fi
	compile "$new" "$work/$mo"
	cp "$new" "$po"; cp "$work/$mo" "$mo"
	note "plugin-php/languages/$mo: $(msgfmt --statistics --output-file=/dev/null "$po" 2>&1)"
	open_texts "$po"
done
