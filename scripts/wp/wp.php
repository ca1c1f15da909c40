<?php
/**
 * wp.php ROOT COMMAND [ARG…]: what the demo and the tests need of a WordPress that no REST route gives.
 *
 *   activate [FILE]          switches the plugin on, or another one of the site (deactivate: ours off)
 *   agent NAME               creates an agent; prints {"token":…,"command":…,"id":…}
 *   revoke NAME              revokes an agent
 *   setting NAME JSON        changes one setting of the plugin
 *   legacy SECRET|off        turns the legacy callback on with this secret, or off
 *   insert FILE [MIME]       an attachment past the upload checks, as importers make them; prints its id
 *   delete POST              deletes a post or Media item for good
 *   leave EMAIL ATTACHMENT…  makes these a new user's and erases that person's data, as Tools → Erase Personal Data does
 *   option NAME [JSON]       prints an option, or sets it
 *   cron                     runs everything that is due
 *   sql QUERY                rows as JSON; {p} stands for the table prefix
 */
declare( strict_types=1 );
if ( PHP_SAPI !== 'cli' || $argc < 3 ) {
	exit( 2 );
}
[ , $root, $command ] = $argv;
$args = array_slice( $argv, 3 );
// A network answers to its own name only.
preg_match( "/'DOMAIN_CURRENT_SITE', '([^']+)'/", (string) file_get_contents( $root . '/wp-config.php' ), $network );
$_SERVER += array( 'HTTP_HOST' => $network[1] ?? 'localhost', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'SERVER_NAME' => 'localhost' );
if ( 'cron' === $command ) {
	define( 'DOING_CRON', true );
}
require $root . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
require_once ABSPATH . 'wp-admin/includes/image.php';
wp_set_current_user( 1 );

const PLUGIN = 'ai-doc-pipeline/ai-doc-pipeline.php';

$commands = array(
	'activate'   => static function ( string $file = PLUGIN ): string {
		$result = activate_plugin( $file );
		if ( is_wp_error( $result ) ) {
			throw new RuntimeException( $result->get_error_message() );
		}
		return 'active';
	},
	'deactivate' => static function (): string {
		deactivate_plugins( PLUGIN );
		return 'inactive';
	},
	'agent'      => static fn ( string $name ) => \AIDoc\Plugin::instance()->agent_manager()->create( $name ),
	'revoke'     => static function ( string $name ): string {
		$agent = \AIDoc\Plugin::instance()->agents()->find_by_name( $name ) ?? throw new RuntimeException( "no agent '$name'" );
		$done  = \AIDoc\Plugin::instance()->agent_manager()->revoke( $agent->id );
		return is_wp_error( $done ) ? throw new RuntimeException( $done->get_error_message() ) : 'revoked';
	},
	'setting'    => static fn ( string $name, string $json ) => \AIDoc\Plugin::instance()->settings()->update( array( $name => json_decode( $json, true, 16, JSON_THROW_ON_ERROR ) ) ),
	'legacy'     => static function ( string $secret ) {
		$settings = \AIDoc\Plugin::instance()->settings();
		$set      = $settings->set_legacy_secret( 'off' === $secret ? '' : $secret );
		return is_wp_error( $set ) ? $set : $settings->update( array( 'legacy_enabled' => 'off' !== $secret ) );
	},
	'insert'     => static function ( string $file, string $mime = '' ): int {
		$name   = wp_unique_filename( wp_upload_dir()['path'], basename( $file ) );
		$target = wp_upload_dir()['path'] . '/' . $name;
		if ( ! copy( $file, $target ) ) {
			throw new RuntimeException( "cannot copy $file to $target" );
		}
		$id = wp_insert_attachment(
			array(
				'post_title'     => pathinfo( $name, PATHINFO_FILENAME ),
				'post_mime_type' => '' !== $mime ? $mime : (string) wp_check_filetype( $name )['type'],
				'post_status'    => 'inherit',
			),
			$target,
			0,
			true
		);
		if ( is_wp_error( $id ) ) {
			throw new RuntimeException( $id->get_error_message() );
		}
		wp_update_attachment_metadata( $id, wp_generate_attachment_metadata( $id, $target ) );
		return $id;
	},
	'delete'     => static fn ( string $id ): bool => (bool) wp_delete_post( (int) $id, true ),
	'leave'      => static function ( string $email, string ...$ids ): int {
		$user = wp_insert_user( array( 'user_login' => $email, 'user_email' => $email, 'user_pass' => wp_generate_password(), 'role' => 'author' ) );
		if ( is_wp_error( $user ) ) {
			throw new RuntimeException( $user->get_error_message() );
		}
		foreach ( $ids as $id ) {
			wp_update_post( array( 'ID' => (int) $id, 'post_author' => $user ) );
		}
		$removed = 0;
		foreach ( apply_filters( 'wp_privacy_personal_data_erasers', array() ) as $name => $eraser ) {
			$removed += 'ai-doc-pipeline' === $name ? $eraser['callback']( $email, 1 )['items_removed'] : 0;
		}
		return $removed;
	},
	'option'     => static function ( string $name, ?string $json = null ) {
		if ( null !== $json ) {
			update_option( $name, json_decode( $json, true, 16, JSON_THROW_ON_ERROR ) );
		}
		return get_option( $name );
	},
	'cron'       => static function (): int {
		$ran = 0;
		foreach ( wp_get_ready_cron_jobs() as $time => $hooks ) {
			foreach ( $hooks as $hook => $events ) {
				foreach ( $events as $event ) {
					if ( $event['schedule'] ) {
						wp_reschedule_event( $time, $event['schedule'], $hook, $event['args'] );
					}
					wp_unschedule_event( $time, $hook, $event['args'] );
					do_action_ref_array( $hook, $event['args'] );
					++$ran;
				}
			}
		}
		return $ran;
	},
	'sql'        => static function ( string $query ): array {
		global $wpdb;
		$rows = $wpdb->get_results( str_replace( '{p}', $wpdb->prefix, $query ), ARRAY_A );
		if ( $wpdb->last_error ) {
			throw new RuntimeException( $wpdb->last_error );
		}
		return (array) $rows;
	},
);

try {
	if ( ! isset( $commands[ $command ] ) ) {
		throw new RuntimeException( "no command '$command'" );
	}
	$result = $commands[ $command ]( ...$args );
	if ( is_wp_error( $result ) ) {
		throw new RuntimeException( $result->get_error_message() );
	}
	echo is_string( $result ) ? $result : wp_json_encode( $result ), "\n";
} catch ( Throwable $e ) {
	fwrite( STDERR, $command . ': ' . $e->getMessage() . "\n" );
	exit( 1 );
}
