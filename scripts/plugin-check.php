<?php
/**
 * plugin-check.php ROOT CHECKER: every check of Plugin Check, of every category, on the plugin as it is installed in the
 * WordPress below ROOT. CHECKER is the folder of Plugin Check. Prints one finding a line; exits 1 where there is any.
 *
 * In place of `wp plugin check`, which needs WP-CLI.
 */
declare( strict_types=1 );

use WordPress\Plugin_Check\Checker\Check_Context;
use WordPress\Plugin_Check\Checker\Check_Result;
use WordPress\Plugin_Check\Checker\Checks;
use WordPress\Plugin_Check\Checker\Default_Check_Repository;
use WordPress\Plugin_Check\Checker\With_Shared_Preparations;

if ( PHP_SAPI !== 'cli' || $argc < 3 ) {
	exit( 2 );
}
[ , $root, $checker ] = $argv;
$_SERVER += array( 'HTTP_HOST' => 'localhost', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'SERVER_NAME' => 'localhost' );
require $root . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
wp_set_current_user( 1 );
error_reporting( E_ALL & ~E_DEPRECATED ); // The coding standards of this age are not yet written for the newest PHP.
require_once $checker . '/plugin.php';
require_once $checker . '/vendor/autoload.php';

/** Undone at the end, in reverse. */
$undo   = array();
$result = new Check_Result( new Check_Context( WP_PLUGIN_DIR . '/ai-doc-pipeline/ai-doc-pipeline.php' ) );
$checks = ( new Default_Check_Repository() )->get_checks()->to_map();
foreach ( $checks as $slug => $check ) {
	if ( $check instanceof With_Shared_Preparations ) {
		foreach ( $check->get_shared_preparations() as $class => $args ) {
			$undo[] = ( new $class( ...$args ) )->prepare();
		}
	}
	$one = ( new Checks() )->run_checks( $result->plugin(), array( $check ) );
	printf( "# %s: %d errors, %d warnings\n", $slug, $one->get_error_count(), $one->get_warning_count() );
	foreach ( array( 'error' => $one->get_errors(), 'warning' => $one->get_warnings() ) as $kind => $files ) {
		foreach ( $files as $file => $lines ) {
			foreach ( $lines as $line => $columns ) {
				foreach ( array_merge( ...array_values( $columns ) ) as $found ) {
					printf( "%s %s:%d %s: %s\n", $kind, $file, $line, $found['code'], html_entity_decode( wp_strip_all_tags( $found['message'] ) ) );
					$failed = true;
				}
			}
		}
	}
}
foreach ( array_reverse( $undo ) as $back ) {
	$back();
}
exit( isset( $failed ) ? 1 : 0 );
