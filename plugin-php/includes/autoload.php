<?php
/**
 * PSR-4 for AIDoc\ below includes/; no Composer at run time.
 *
 * @package AIDoc
 */

declare( strict_types=1 );

defined( 'ABSPATH' ) || exit;

spl_autoload_register(
	static function ( string $name ): void {
		if ( ! str_starts_with( $name, 'AIDoc\\' ) ) {
			return;
		}
		$file = __DIR__ . '/' . strtr( substr( $name, 6 ), '\\', '/' ) . '.php';
		if ( is_file( $file ) ) {
			require_once $file;
		}
	}
);
