<?php
/**
 * report.php ROOT IDS [FILE]: what became of the attachments IDS (1,2,3), as a table; and the summary of the one whose
 * file name is FILE, as text.
 */
declare( strict_types=1 );
if ( PHP_SAPI !== 'cli' || $argc < 3 ) {
	exit( 2 );
}
[ , $root, $list ] = $argv;
$file              = $argv[3] ?? '';
$_SERVER          += array( 'HTTP_HOST' => 'localhost', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'SERVER_NAME' => 'localhost' );
require $root . '/wp-load.php';

$bold = static fn ( string $text ): string => stream_isatty( STDOUT ) && ! getenv( 'NO_COLOR' ) ? "\e[1m$text\e[0m" : $text;

/** A field of the summary post; '' where it has none. */
$field = static fn ( int $post, string $name ) => $post ? get_post_meta( $post, 'aidoc_' . $name, true ) : '';

$jobs  = \AIDoc\Plugin::instance()->jobs()->latest_for_attachments( array_map( 'intval', explode( ',', $list ) ) );
$rows  = array( array( 'file', 'type', 'pages', 'OCRed', 'words', 'seconds', 'summary', 'state' ) );
$shown = 0;
foreach ( $jobs as $job ) {
	$post   = (int) $job->summaryPostId;
	$rows[] = array(
		$job->filename,
		pathinfo( $job->filename, PATHINFO_EXTENSION ),
		(string) $field( $post, 'pages' ),
		(string) $field( $post, 'pages_ocr' ),
		'' === $field( $post, 'word_count' ) ? '' : number_format( (int) $field( $post, 'word_count' ) ),
		'' === $field( $post, 'processing_ms' ) ? '' : number_format( (int) $field( $post, 'processing_ms' ) / 1000, 1 ),
		$post ? 'draft ' . $post : '',
		$job->state->value . ( 'failed' === $job->state->value ? ': ' . $job->errorMessage : '' ),
	);
	if ( $job->filename === $file ) {
		$shown = $post;
	}
}

$right  = array( 2, 3, 4, 5 );
$widths = array_map( static fn ( int $column ) => max( array_map( 'mb_strlen', array_column( $rows, $column ) ) ), array_keys( $rows[0] ) );
foreach ( $rows as $number => $row ) {
	$cells = array();
	foreach ( $row as $column => $text ) {
		$space   = str_repeat( ' ', $widths[ $column ] - mb_strlen( $text ) );
		$cells[] = in_array( $column, $right, true ) ? $space . $text : $text . $space;
	}
	$line = '    ' . rtrim( implode( '  ', $cells ) );
	echo 0 === $number ? $bold( $line ) : $line, "\n";
}

/** Blocks as a person reads them in a terminal. */
$render = static function ( array $blocks, string $indent = '' ) use ( &$render, $bold ): void {
	foreach ( $blocks as $block ) {
		$text = trim( html_entity_decode( wp_strip_all_tags( $block['innerHTML'] ), ENT_QUOTES | ENT_HTML5 ) );
		$text = preg_replace( '/\s+/u', ' ', $text );
		switch ( $block['blockName'] ) {
			case null:
				break;
			case 'core/heading':
				echo "\n    ", $bold( $text ), "\n";
				break;
			case 'core/list-item':
				echo wordwrap( $indent . '- ' . $text, 96, "\n" . $indent . '  ' ), "\n";
				break;
			default:
				if ( '' !== $text ) {
					echo '    ', wordwrap( $text, 96, "\n    " ), "\n";
				}
		}
		$render( $block['innerBlocks'], '    ' );
	}
};
if ( $shown ) {
	echo "\n    ", $bold( 'The summary of ' . $file . ': ' . get_the_title( $shown ) ), "\n";
	$render( parse_blocks( get_post( $shown )->post_content ) );
}
