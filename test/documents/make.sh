#!/usr/bin/env bash
# make.sh TEXT   makes again the test documents that are assembled (ATTRIBUTION.md tells from what) and all of bad/ but
# encrypted.pdf. TEXT is the plain text of the NLTK paper (W02-0109). Needs poppler-utils and php-cli with zip.
# Committed beside its output so that anybody can see what is in those files; the tests never run it.
set -euo pipefail
text=$(realpath "${1:?usage: make.sh TEXT}")
cd "$(dirname "${BASH_SOURCE[0]}")"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

# Two digital pages, one scanned page between them, and a digital one: the decision to OCR must be made page by page.
pdfseparate paper.pdf "$work/p%d.pdf"
pdfseparate -f 2 -l 2 scan.pdf "$work/s%d.pdf"
pdfunite "$work/p1.pdf" "$work/s2.pdf" "$work/p2.pdf" "$work/p8.pdf" mixed.pdf

# One page as its own JPEG, byte for byte as it is inside the PDF.
pdfimages -j -f 3 -l 3 scan.pdf "$work/page"
cp "$work/page-000.jpg" photo.jpg

php make-docx.php "$text" report.docx

: > bad/empty.txt
printf 'This is a plain text file.\nIts name says PDF, its content does not.\n' > bad/text.pdf
head -c 40000 paper.pdf > bad/truncated.pdf
# shellcheck disable=SC2016  # PHP code
php -r '
	// A PDF with a page tree of no pages; offsets computed, so that only the page count is wrong.
	$objects = [ "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [ ] /Count 0 >>" ];
	$pdf = "%PDF-1.4\n"; $at = [];
	foreach ( $objects as $i => $o ) { $at[] = strlen( $pdf ); $pdf .= ( $i + 1 ) . " 0 obj\n$o\nendobj\n"; }
	$xref = strlen( $pdf );
	$pdf .= "xref\n0 3\n0000000000 65535 f \n" . implode( "", array_map( fn( $o ) => sprintf( "%010d 00000 n \n", $o ), $at ) );
	file_put_contents( "bad/zero-pages.pdf", $pdf . "trailer\n<< /Root 1 0 R /Size 3 >>\nstartxref\n$xref\n%%EOF\n" );

	// An MP3 as far as any sniffer can tell: an ID3v2 tag and ten silent MPEG-1 layer III frames.
	$tag = "TIT2" . pack( "N", 8 ) . "\0\0" . "\3Silence";
	$frame = "\xff\xfb\x90\xc4" . str_repeat( "\0", 413 );
	file_put_contents( "bad/recording.mp3", "ID3\3\0\0" . pack( "N", strlen( $tag ) ) . $tag . str_repeat( $frame, 10 ) );
'
