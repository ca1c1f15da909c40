<?php
/**
 * network.php ROOT HOST tables|sites: the two steps of network.sh, one before and one after the constants of a network are set.
 */
declare( strict_types=1 );
if ( PHP_SAPI !== 'cli' || $argc < 4 ) {
	exit( 2 );
}
[ , $root, $host, $step ] = $argv;
$_SERVER += array( 'HTTP_HOST' => $host, 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'SERVER_NAME' => 'localhost', 'REMOTE_ADDR' => '127.0.0.1' );
if ( 'tables' === $step ) {
	define( 'WP_INSTALLING_NETWORK', true );
}
require $root . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_set_current_user( 1 );

const PLUGIN = 'ai-doc-pipeline/ai-doc-pipeline.php';

$must = static function ( $result ) {
	if ( is_wp_error( $result ) ) {
		fwrite( STDERR, $result->get_error_message() . "\n" );
		exit( 1 );
	}
	return $result;
};
if ( 'tables' === $step ) {
	if ( ! $GLOBALS['wpdb']->get_var( "SHOW TABLES LIKE '{$GLOBALS['wpdb']->base_prefix}site'" ) ) {
		foreach ( $GLOBALS['wpdb']->tables( 'ms_global' ) as $name => $table ) {
			$GLOBALS['wpdb']->$name = $table;
		}
		install_network();
		// A network in folders on a host that may be an address and a port: nothing is looked up, and warnings about it are none.
		$made = populate_network( 1, $host, 'admin@example.test', 'Network', '/', false );
		if ( is_wp_error( $made ) && 'no_wildcard_dns' !== $made->get_error_code() ) {
			$must( $made );
		}
	}
	exit( 0 );
}
update_site_option( 'registrationnotification', 'no' ); // No mail leaves this machine.
if ( ! get_site_by_path( $host, '/two/' ) || '/two/' !== get_site_by_path( $host, '/two/' )->path ) {
	if ( is_plugin_active( PLUGIN ) ) {
		deactivate_plugins( PLUGIN );
		$must( activate_plugin( PLUGIN, '', true ) );
	}
	$two = $must( wp_insert_site( array( 'domain' => $host, 'path' => '/two/', 'network_id' => 1, 'user_id' => 1, 'title' => 'Two' ) ) );
	// Older versions take the colon out of a host with a port.
	$GLOBALS['wpdb']->update( $GLOBALS['wpdb']->blogs, array( 'domain' => $host ), array( 'blog_id' => $two ) );
	clean_blog_cache( $two );
	foreach ( array( 'home', 'siteurl' ) as $option ) {
		update_blog_option( $two, $option, "http://$host/two" );
	}
}
