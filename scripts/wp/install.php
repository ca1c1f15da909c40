<?php
/**
 * install.php ROOT PERMALINKS TITLE PASSWORD: installs the WordPress in ROOT without a browser and without mail.
 * PERMALINKS is pretty or plain. Prints an application password of the admin (for uploads through the REST API).
 */
declare( strict_types=1 );
if ( PHP_SAPI !== 'cli' || $argc < 5 ) {
	exit( 2 );
}
[ , $root, $permalinks, $title, $password ] = $argv;
$_SERVER += array( 'HTTP_HOST' => 'localhost', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'SERVER_NAME' => 'localhost' );
define( 'WP_INSTALLING', true );
function wp_new_blog_notification(): void {} // pluggable: no mail leaves this machine
require $root . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
if ( ! is_blog_installed() ) {
	wp_install( $title, 'admin', 'admin@example.test', false, '', $password );
}
update_option( 'permalink_structure', 'pretty' === $permalinks ? '/%postname%/' : '' );
update_option( 'fresh_site', 0 );
update_option( 'show_avatars', 0 ); // no look-ups elsewhere
update_option( 'default_ping_status', 'closed' );
foreach ( array( 'wp_welcome_panel', 'show_welcome_panel' ) as $panel ) {
	update_user_meta( 1, $panel, 0 );
}
[ $secret ] = WP_Application_Passwords::create_new_application_password( 1, array( 'name' => 'scripts' ) );
echo $secret, "\n";
