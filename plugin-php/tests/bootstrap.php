<?php
/**
 * Loads a real, installed WordPress named by AIDOC_WP_ROOT, in which the plugin is active, and gives the plugin a
 * clock that tests can turn.
 *
 * @package AIDoc
 */

declare( strict_types=1 );

namespace AIDoc\Tests;

$root = getenv( 'AIDOC_WP_ROOT' );
if ( ! $root || ! is_file( "$root/wp-load.php" ) ) {
	fwrite( STDERR, "Set AIDOC_WP_ROOT to the folder of an installed WordPress with the plugin active.\n" );
	exit( 1 );
}
$_SERVER['HTTP_HOST']       = getenv( 'AIDOC_WP_HOST' ) ?: 'aidoc.test';
$_SERVER['REQUEST_URI']     = '/';
$_SERVER['REQUEST_METHOD']  = 'GET';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';

define( 'WP_DISABLE_FATAL_ERROR_HANDLER', true ); // A fatal error must look like one.
require_once __DIR__ . '/wordpress.php';
load_wordpress( $root );

if ( ! defined( 'AIDOC_VERSION' ) ) {
	fwrite( STDERR, "The plugin ai-doc-pipeline is not active in $root.\n" );
	exit( 1 );
}
require_once __DIR__ . '/TestAgent.php';
require_once __DIR__ . '/Wire.php';
require_once __DIR__ . '/TestCase.php';
require_once __DIR__ . '/SummaryTestCase.php';
require_once __DIR__ . '/SeededLibrary.php';
require_once __DIR__ . '/FrontTestCase.php';

rest_get_server();
