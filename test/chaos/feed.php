<?php
/**
 * feed.php ROOT < list of files: makes attachments of them the way an upload does, in one process. Prints one line for
 * each that WordPress accepted: attachment id, TAB, file name. Ends with an error at the first that it did not.
 */
declare( strict_types=1 );
if ( PHP_SAPI !== 'cli' || $argc < 2 ) {
	exit( 2 );
}
$_SERVER += array( 'HTTP_HOST' => 'localhost', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'SERVER_NAME' => 'localhost' );
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
wp_set_current_user( 1 );
while ( false !== ( $line = fgets( STDIN ) ) ) {
	$file = trim( $line );
	$copy = wp_tempnam( basename( $file ) );
	copy( $file, $copy );
	$id = media_handle_sideload( array( 'name' => basename( $file ), 'tmp_name' => $copy ), 0 );
	if ( is_wp_error( $id ) ) {
		fwrite( STDERR, 'not accepted: ' . basename( $file ) . ' ' . $id->get_error_message() . "\n" );
		exit( 1 );
	}
	echo $id, "\t", basename( $file ), "\n";
}
