<?php
/**
 * Router for `php -S`: what Apache's rewrite rules do for WordPress.
 * Without it every URL with a dot in its last part is PHP's own 404.
 */
$root = $_SERVER['DOCUMENT_ROOT'];
$path = urldecode( (string) parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) );
if ( str_contains( $path, '..' ) || str_contains( $path, "\0" ) ) {
	http_response_code( 400 );
	return true;
}

$run = static function ( string $script, string $name ): void {
	$_SERVER['SCRIPT_FILENAME'] = $script;
	$_SERVER['SCRIPT_NAME']     = $name;
	$_SERVER['PHP_SELF']        = $name;
	unset( $_SERVER['PATH_INFO'] );
	chdir( dirname( $script ) );
};

if ( is_dir( $root . $path ) ) {
	if ( ! str_ends_with( $path, '/' ) ) {
		header( 'Location: ' . $path . '/', true, 301 );
		return true;
	}
	if ( is_file( $root . $path . 'index.php' ) ) {
		$run( $root . $path . 'index.php', $path . 'index.php' );
		require $root . $path . 'index.php';
		return true;
	}
} elseif ( is_file( $root . $path ) ) {
	return false; // php -S serves it, or runs it when it is PHP
}
$run( $root . '/index.php', '/index.php' );
require $root . '/index.php';
return true;
