<?php
/**
 * bench.php ROOT OUT [ROUNDS] [LARGE]: what the plugin adds to requests of the WordPress in ROOT, and what large queues cost; prints a table and
 * writes it to OUT as Markdown. scripts/bench-plugin.sh runs it on a throwaway site: the content is thrown away.
 *
 * With and without the plugin take turns, so that whatever else the machine does hits both alike; times are medians.
 *
 * @package AIDoc
 */

declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Backfill\Filter;
use AIDoc\Plugin;

[ , $root, $out ] = $argv;
$rounds           = (int) ( $argv[3] ?? 11 );
$large            = (int) ( $argv[4] ?? 100_000 );

$_SERVER['HTTP_HOST']      = (string) getenv( 'AIDOC_WP_HOST' );
$_SERVER['REQUEST_URI']    = '/';
$_SERVER['REQUEST_METHOD'] = 'GET';
require_once __DIR__ . '/wordpress.php';
load_wordpress( $root );
require_once __DIR__ . '/SeededLibrary.php';

/** @return array{queries:int,ms:float} */
function request( string $root, string $screen, string $plugin, string ...$more ): array {
	$process = proc_open( array( PHP_BINARY, '-d', 'memory_limit=512M', __DIR__ . '/measure.php', $root, $screen, $plugin, ...$more ), array( 1 => array( 'pipe', 'w' ) ), $pipes );
	$told    = json_decode( (string) strrchr( rtrim( (string) stream_get_contents( $pipes[1] ) ), "\n" ), true );
	proc_close( $process );
	if ( ! is_array( $told ) || '' !== $told['failed'] ) {
		fwrite( STDERR, "$screen $plugin: " . ( $told['failed'] ?? 'no answer' ) . "\n" );
		exit( 1 );
	}
	return $told;
}

function median( array $values ): float {
	sort( $values );
	return (float) $values[ intdiv( count( $values ), 2 ) ];
}

/** @return array<string,array{queries:int,ms:float}> With and without the plugin. */
function compare( string $root, int $rounds, string $screen, string ...$more ): array {
	$all = array();
	for ( $round = -1; $round < $rounds; $round++ ) { // The first one fills caches and does not count.
		foreach ( $round % 2 ? array( 'with', 'without' ) : array( 'without', 'with' ) as $plugin ) {
			$told = request( $root, $screen, $plugin, ...$more );
			if ( $round >= 0 ) {
				$all[ $plugin ]['queries'][] = $told['queries'];
				$all[ $plugin ]['ms'][]      = $told['ms'];
			}
		}
	}
	return array_map( static fn( array $one ): array => array( 'queries' => (int) median( $one['queries'] ), 'ms' => median( $one['ms'] ) ), $all );
}

$rows = array();
/** One line of the table, on the screen and for the file. */
$say    = static function ( string $what, string $without, string $with, string $added, string $target, ?bool $met ) use ( &$rows ): void {
	$verdict = null === $met ? '' : ( $met ? 'met' : '**missed**' );
	$rows[]  = "| $what | $without | $with | $added | $target | $verdict |";
	fwrite( STDOUT, sprintf( "%-46s %-18s %-18s %-18s %-14s %s\n", $what, $without, $with, $added, $target, trim( $verdict, '*' ) ) );
};
$screen = static function ( string $what, int $most, string $name, string ...$more ) use ( $root, $rounds, $say ): void {
	$told = compare( $root, $rounds, $name, ...$more );
	$plus = $told['with']['queries'] - $told['without']['queries'];
	$text = static fn( array $one ): string => sprintf( '%d, %.0f ms', $one['queries'], $one['ms'] );
	$say( $what, $text( $told['without'] ), $text( $told['with'] ), sprintf( '%+d, %+.0f ms', $plus, $told['with']['ms'] - $told['without']['ms'] ), "≤ $most queries", $plus <= $most );
};

$plugin  = Plugin::instance();
$library = new SeededLibrary();
SeededLibrary::clear();
$agent = $plugin->agents()->find_by_name( 'bench' ) ?? $plugin->agents()->insert( 'bench' );
$plugin->agents()->set_state( $agent->id, 'active' );
$plugin->agents()->seen( $agent );

$plugin->agents()->set_capabilities( $agent, array( 'mimes' => array( '*/*' ), 'max_bytes' => 0, 'local_only' => true ) );

foreach ( SeededLibrary::KINDS as $kind ) {
	$plugin->agents()->seen( $agent ); // Online still: this takes minutes.
	$library->kind( $kind, 100 );
	$screen( "media list, 100 items, $kind", 8, 'list' );
	$screen( "media grid, 100 items, $kind", 8, 'grid' );
	$library->remove();
}
$pdf = wp_tempnam( 'bench' );
file_put_contents( $pdf, "%PDF-1.4\n" . wp_rand() );
$screen( 'upload of a PDF', 6, 'upload', $pdf );
unlink( $pdf );
$screen( 'front page', 0, 'front' );
SeededLibrary::clear();
$library->remove();
\AIDoc\Database::write( 'DELETE FROM ' . \AIDoc\Database::table( 'jobs' ) );
$screen( 'dashboard, nothing waits', 1, 'dashboard' );
$library->kind( 'queued', 100 );
$screen( 'dashboard, 100 documents wait', 1, 'dashboard' );
$library->remove();

$library->add( $large );
$began = microtime( true );
$tally = $plugin->backfill_runner()->count( new Filter() );
$say( 'backfill, dry run of ' . number_format( $tally->queued ), '', sprintf( '%.1f s', microtime( true ) - $began ), '', '', null );
$began = microtime( true );
$run   = $plugin->backfill_manager()->start( new Filter(), false );
if ( is_wp_error( $run ) ) {
	fwrite( STDERR, $run->get_error_message() . "\n" );
	exit( 1 );
}
$run  = $plugin->backfill_runner()->run( $run->id );
$rate = $run->tally->queued / ( microtime( true ) - $began );
$say( 'backfill of ' . number_format( $run->tally->queued ), '', sprintf( '%.1f s', microtime( true ) - $began ), sprintf( '%.0f a second', $rate ), '≥ 1,000 a second', $rate >= 1000 );

$queue = array( 'queries' => array(), 'ms' => array() );
for ( $round = -1; $round < $rounds; $round++ ) {
	$told = request( $root, 'queue', 'with' );
	if ( $round >= 0 ) {
		$queue['queries'][] = $told['queries'];
		$queue['ms'][]      = $told['ms'];
	}
}
$admin = median( array_map( static fn(): float => request( $root, 'dashboard', 'without' )['ms'], range( 1, $rounds ) ) );
$say( 'queue page, ' . number_format( $large ) . ' jobs', sprintf( 'dashboard: %.0f ms', $admin ), sprintf( '%d, %.0f ms', median( $queue['queries'] ), median( $queue['ms'] ) ), '', '', null );
wp_clear_scheduled_hook( 'aidoc_backfill' );
$library->remove();

$about = sprintf( 'WordPress %s, PHP %s, %s, on %s', get_bloginfo( 'version' ), PHP_VERSION, $GLOBALS['wpdb']->db_server_info(), wp_date( 'j F Y' ) );
file_put_contents(
	$out,
	"# What the plugin costs a site\n\nWritten by `make bench-plugin` (`plugin-php/tests/bench.php`): $about. Each line of the first part is one whole request, from PHP's first line to\nwhat runs at shutdown, as a process of its own (no opcode cache), with the plugin and without it in turn; queries and milliseconds are medians\nof $rounds rounds. The differences count, not the milliseconds: other programs may run on the machine. `plugin-php/tests/QueriesTest.php` holds\nthe numbers of queries in every run of the tests.\n\n| what | without | with | added | target | |\n|---|---|---|---|---|---|\n" . implode( "\n", $rows ) . "\n\nThe kinds of items: `unsupported` (a type that is not chosen), `none` (never queued), `queued`, `done` (with its summary), `failed`, and `mixed`\n(twenty of each). An agent is online. The backfill opens no file; the attachments have none.\n"
);
