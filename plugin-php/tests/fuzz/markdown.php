<?php
/**
 * markdown.php COUNT [FROM]   mutants FROM to FROM + COUNT of the corpus, inside the WordPress of AIDOC_WP_ROOT; each
 * 500th is blown up. A finding is printed, kept in AIDOC_FUZZ_FINDINGS, and ends the run. AIDOC_FUZZ_SEED is the seed (1).
 *
 * @package AIDoc
 */

declare( strict_types=1 );

namespace AIDoc\Tests\Fuzz;

$_SERVER += array( 'HTTP_HOST' => getenv( 'AIDOC_WP_HOST' ) ?: 'aidoc.test', 'REQUEST_URI' => '/', 'REQUEST_METHOD' => 'GET', 'SERVER_PROTOCOL' => 'HTTP/1.1' );
require_once getenv( 'AIDOC_WP_ROOT' ) . '/wp-load.php';
require_once __DIR__ . '/MarkdownMutator.php';
require_once __DIR__ . '/MarkdownOracle.php';
require_once __DIR__ . '/MarkdownFuzz.php';

$findings = getenv( 'AIDOC_FUZZ_FINDINGS' ) ?: sys_get_temp_dir();
$fuzz     = new MarkdownFuzz( (int) ( getenv( 'AIDOC_FUZZ_SEED' ) ?: 1 ) );
$count    = (int) ( $argv[1] ?? 20_000 );
$from     = (int) ( $argv[2] ?? 0 );
foreach ( $fuzz->findings( $from, $count ) as [ $name, $objection, $markdown ] ) {
	$file = "$findings/markdown-" . sha1( $markdown ) . '.md';
	file_put_contents( $file, $markdown );
	echo "$name: $objection: $file\n";
	exit( 255 ); // So that xargs starts no other slice.
}
echo "$count mutants from $from on: no finding\n";
