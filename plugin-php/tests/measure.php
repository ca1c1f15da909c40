<?php
/**
 * measure.php ROOT SCREEN with|without [ARGUMENT]: one request of the WordPress in ROOT, with the plugin or as if it were not active, and what it
 * cost: {"queries":…,"ms":…,"bytes":…} on the last line. Run by QueriesTest and by bench.php, each time as a process of its own.
 *
 *   list       wp-admin/upload.php, the list of the newest 100 items      dashboard   wp-admin/index.php
 *   grid       the answer that fills the media grid, 100 items            front       the front page
 *   upload     FILE is uploaded as wp-admin does it                       queue       the plugin's queue page
 *
 * The pages are WordPress' own files, from the first line to what runs at shutdown.
 *
 * @package AIDoc
 */

declare( strict_types=1 );

$aidoc_began                                    = microtime( true );
[ , $aidoc_root, $aidoc_screen, $aidoc_plugin ] = $argv;

/** Nobody signs in here; pluggable.php leaves alone what is there. */
function auth_redirect(): void {}

$wp_filter = array(
	'determine_current_user' => array( 99 => array( array( 'function' => static fn() => 'front' === $GLOBALS['aidoc_screen'] ? 0 : 1, 'accepted_args' => 1 ) ) ),
	'pre_http_request'       => array( 10 => array( array( 'function' => static fn() => array( 'headers' => array(), 'body' => '', 'response' => array( 'code' => 503, 'message' => '' ), 'cookies' => array(), 'filename' => null ), 'accepted_args' => 1 ) ) ),
	'get_user_option_upload_per_page' => array( 10 => array( array( 'function' => static fn() => 100, 'accepted_args' => 1 ) ) ),
);
if ( 'without' === $aidoc_plugin ) {
	$wp_filter['pre_option_active_plugins'] = array( 10 => array( array( 'function' => static fn() => array(), 'accepted_args' => 1 ) ) );
}

$aidoc_bytes = 0;
// WordPress ends all buffers at shutdown, this one too.
ob_start(
	static function ( string $chunk ): string {
		$GLOBALS['aidoc_bytes'] += strlen( $chunk );
		return '';
	}
);
register_shutdown_function(
	static function () use ( $aidoc_began ): void {
		// Once more, so that it comes after what WordPress does at shutdown.
		register_shutdown_function(
			static function () use ( $aidoc_began ): void {
				while ( ob_get_level() > 0 ) {
					ob_end_flush();
				}
				echo "\n", json_encode(
					array(
						'queries' => $GLOBALS['wpdb']->num_queries,
						'ms'      => round( 1000 * ( microtime( true ) - $aidoc_began ), 2 ),
						'bytes'   => $GLOBALS['aidoc_bytes'],
						'failed'  => error_get_last()['message'] ?? '',
					)
				), "\n";
			}
		);
	}
);

$aidoc_pages           = array(
	'list'      => array( '/wp-admin/upload.php', array( 'mode' => 'list' ) ),
	'grid'      => array( '/wp-admin/admin-ajax.php', array( 'action' => 'query-attachments', 'query' => array( 'posts_per_page' => 100, 'orderby' => 'date', 'order' => 'DESC' ) ) ),
	'dashboard' => array( '/wp-admin/index.php', array() ),
	'queue'     => array( '/wp-admin/edit.php', array( 'post_type' => 'aidoc_summary', 'page' => 'aidoc-queue' ) ),
	'upload'    => array( '/wp-load.php', array() ),
	'front'     => array( '/index.php', array() ),
);
[ $aidoc_file, $_GET ] = $aidoc_pages[ $aidoc_screen ];
$_POST                 = 'grid' === $aidoc_screen ? $_GET : array(); // admin-ajax.php takes this one by POST alone.
$_REQUEST              = $_GET;
$_SERVER               = array( 'HTTP_HOST' => getenv( 'AIDOC_WP_HOST' ) ?: 'aidoc.test', 'REQUEST_URI' => $aidoc_file . '?' . http_build_query( $_GET ), 'REQUEST_METHOD' => $_POST ? 'POST' : 'GET', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'SERVER_NAME' => 'aidoc.test', 'PHP_SELF' => $aidoc_file, 'SCRIPT_NAME' => $aidoc_file, 'REMOTE_ADDR' => '127.0.0.1' ) + $_SERVER;
chdir( dirname( $aidoc_root . $aidoc_file ) );
require $aidoc_root . $aidoc_file;

if ( 'upload' === $aidoc_screen ) {
	require_once ABSPATH . 'wp-admin/includes/admin.php';
	$aidoc_began_queries = $wpdb->num_queries;
	$aidoc_copy          = wp_tempnam( 'upload.pdf' );
	copy( $argv[4], $aidoc_copy );
	$aidoc_id = media_handle_sideload( array( 'name' => 'upload.pdf', 'tmp_name' => $aidoc_copy ), 0 );
	if ( is_wp_error( $aidoc_id ) ) {
		trigger_error( $aidoc_id->get_error_message(), E_USER_WARNING );
	}
}
