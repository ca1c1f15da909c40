<?php
/**
 * make-docx.php TEXT OUT: a Word file with heading styles, paragraphs and a table out of a plain text whose headings are
 * numbered lines ("3.1 Parsing"). The table at the end counts the words of each section.
 */
declare( strict_types=1 );
[ , $in, $out ] = $argv;

const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';

$p = static fn ( string $text, string $style = '' ): string => '<w:p>'
	. ( $style ? '<w:pPr><w:pStyle w:val="' . $style . '"/></w:pPr>' : '' )
	. '<w:r><w:t xml:space="preserve">' . htmlspecialchars( $text, ENT_XML1 ) . '</w:t></w:r></w:p>';

$body    = '';
$counts  = array();
$section = '';
$buffer  = array();
$flush   = static function () use ( &$body, &$buffer, $p ): void {
	if ( $buffer ) {
		$body  .= $p( implode( ' ', $buffer ) );
		$buffer = array();
	}
};
foreach ( file( $in, FILE_IGNORE_NEW_LINES ) as $number => $line ) {
	$line = trim( $line );
	if ( preg_match( '/^References$/', $line ) ) {
		break;
	}
	if ( 0 === $number ) {
		$body .= $p( $line, 'Title' );
	} elseif ( '' === $line ) {
		$flush();
	} elseif ( 'Abstract' === $line || preg_match( '/^(\d+)(\.\d+)?\s+[A-Z][\w ,:-]{2,60}$/', $line, $m ) ) {
		$flush();
		$body   .= $p( $line, empty( $m[2] ) ? 'Heading1' : 'Heading2' );
		$section = $line;
	} else {
		$buffer[]           = $line;
		$counts[ $section ] = ( $counts[ $section ] ?? 0 ) + str_word_count( $line );
	}
}
$flush();
$cell  = static fn ( string $text ): string => '<w:tc><w:tcPr><w:tcW w:w="4500" w:type="dxa"/></w:tcPr>' . $p( $text ) . '</w:tc>';
$body .= $p( 'Words by section', 'Heading1' ) . '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>'
	. '<w:tblGrid><w:gridCol w:w="4500"/><w:gridCol w:w="4500"/></w:tblGrid>'
	. '<w:tr>' . $cell( 'Section' ) . $cell( 'Words' ) . '</w:tr>';
foreach ( $counts as $name => $words ) {
	$body .= '<w:tr>' . $cell( (string) $name ) . $cell( (string) $words ) . '</w:tr>';
}
$body .= '</w:tbl>' . $p( '' );

$style = static fn ( string $id, string $name, int $size, string $outline ): string => '<w:style w:type="paragraph" w:styleId="' . $id . '"><w:name w:val="' . $name . '"/>'
	. '<w:pPr>' . $outline . '</w:pPr><w:rPr><w:b/><w:sz w:val="' . $size . '"/></w:rPr></w:style>';
$head  = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
$parts = array(
	'[Content_Types].xml'          => $head . '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>',
	'_rels/.rels'                  => $head . '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
	'word/_rels/document.xml.rels' => $head . '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>',
	'word/styles.xml'              => $head . '<w:styles xmlns:w="' . W . '">' . $style( 'Title', 'Title', 40, '' ) . $style( 'Heading1', 'heading 1', 32, '<w:outlineLvl w:val="0"/>' ) . $style( 'Heading2', 'heading 2', 26, '<w:outlineLvl w:val="1"/>' ) . '</w:styles>',
	'word/document.xml'            => $head . '<w:document xmlns:w="' . W . '"><w:body>' . $body . '<w:sectPr/></w:body></w:document>',
);
@unlink( $out );
$zip = new ZipArchive();
$zip->open( $out, ZipArchive::CREATE );
foreach ( $parts as $name => $xml ) {
	$zip->addFromString( $name, $xml );
	$zip->setMtimeName( $name, 1577836800 ); // the same bytes each time
}
$zip->close();
