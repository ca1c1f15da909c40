<?php
/**
 * How the tests load WordPress.
 *
 * @package AIDoc
 */

declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Plugin;

/** The installed WordPress in that folder; its plugin has the tests' clock from the start. */
function load_wordpress( string $root ): void {
	define( 'ABSPATH', realpath( $root ) . '/' );
	require_once ABSPATH . 'wp-content/plugins/ai-doc-pipeline/includes/autoload.php';
	require_once __DIR__ . '/FakeClock.php';
	Plugin::instance( new FakeClock() );
	require_once ABSPATH . 'wp-load.php';
	require_once ABSPATH . 'wp-admin/includes/admin.php';
	FakeClock::clean_in_one_of( PHP_INT_MAX ); // Chance has no place in tests.
}
