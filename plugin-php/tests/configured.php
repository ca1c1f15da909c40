<?php
/**
 * configured.php CONSTANTS COMMAND [ARGS]: the WordPress of AIDOC_WP_ROOT as it is where wp-config.php defines other
 * constants (JSON), and what it then says (JSON). Run by DefaultSaltsTest, each time as a process of its own.
 *
 * @package AIDoc
 */

declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Admin\Module;
use AIDoc\Auth\KeyRecord;
use AIDoc\Database;
use AIDoc\Plugin;

foreach ( json_decode( $argv[1], true, 4, JSON_THROW_ON_ERROR ) as $name => $value ) {
	define( $name, $value ); // Before wp-config.php, whose own definition then is without effect.
}
$_SERVER['HTTP_HOST']      = getenv( 'AIDOC_WP_HOST' ) ?: 'aidoc.test';
$_SERVER['REQUEST_URI']    = '/';
$_SERVER['REQUEST_METHOD'] = 'GET';
set_error_handler( static fn( int $level, string $text ): bool => str_contains( $text, 'already defined' ) );
require_once __DIR__ . '/wordpress.php';
require_once __DIR__ . '/TestAgent.php';
load_wordpress( (string) getenv( 'AIDOC_WP_ROOT' ) );
rest_get_server();

/** Records what a command says. */
final class RecordedCli {
	public static array $out = array();

	public static function __callStatic( string $kind, array $args ): void {
		self::$out[] = $kind . ' ' . $args[0];
	}
}
class_alias( RecordedCli::class, 'WP_CLI' );

$args = json_decode( $argv[3] ?? '[]', true, 8, JSON_THROW_ON_ERROR );
$run  = array(
	/** A key or token as a version before AIDOC_KEY left it: sealed under what wp_salt() gives. */
	'old'    => static function ( string $key_id, string $secret ): bool {
		$name  = 'old ' . $key_id;
		$agent = Plugin::instance()->agents()->insert( $name );
		Plugin::instance()->agents()->set_state( $agent->id, 'active' );
		$nonce = random_bytes( 24 );
		$text  = base64_encode( $nonce . sodium_crypto_secretbox( base64_decode( $secret ), $nonce, hash_hkdf( 'sha256', wp_salt( 'secure_auth' ), 32, 'aidoc-keystore-v1/' . $key_id ) ) );
		$kind  = str_starts_with( $key_id, 'jt_' ) ? KeyRecord::TOKEN : KeyRecord::KEY;
		return 1 === Database::write( 'INSERT INTO ' . Database::table( 'keys' ) . ' (key_id, agent_id, kind, sealed, expires_at) VALUES (%s, %d, %s, %s, %d)', $key_id, $agent->id, $kind, $text, KeyRecord::TOKEN === $kind ? ( time() + 600 ) * 1000 : 0 );
	},
	'send'   => static function ( string $key_id, string $secret, string $route, array $body ): array {
		$key    = Plugin::instance()->key_ring()->find( $key_id );
		$agent  = new TestAgent( Plugin::instance()->agents()->find( $key->agentId ), $key_id, base64_decode( $secret ) );
		$answer = $agent->send( 'POST', $route, $body );
		return array( $answer->get_status(), $answer->get_data()['code'] ?? '' );
	},
	'create' => static function ( string $name ): array {
		$made = Plugin::instance()->agent_manager()->create( $name );
		return is_wp_error( $made ) ? array( $made->get_error_code(), $made->get_error_message() ) : array( 'created', $made['token_id'] );
	},
	'token'  => static function ( string $name ): array {
		$made = Plugin::instance()->agent_manager()->new_token( Plugin::instance()->agents()->find_by_name( $name )->id );
		return is_wp_error( $made ) ? array( $made->get_error_code(), $made->get_error_message() ) : array( 'created', $made['token_id'] );
	},
	'cli'    => static function ( string $name ): array {
		Plugin::instance()->command( \AIDoc\CLI\AgentCommand::class )->create( array( $name ) );
		return RecordedCli::$out;
	},
	'legacy' => static function ( string $secret ): mixed {
		$set = Plugin::instance()->settings()->set_legacy_secret( $secret );
		return is_wp_error( $set ) ? $set->get_error_message() : $set;
	},
	'health' => static function (): array {
		$told = Plugin::instance()->site_health()->run( 'aidoc_keys' );
		return array( $told['status'], html_entity_decode( wp_strip_all_tags( $told['description'] ), ENT_QUOTES ) );
	},
	'page'   => static function (): string {
		wp_set_current_user( 1 );
		ob_start();
		( new Module( Plugin::instance() ) )->agents_page()->render();
		return (string) ob_get_clean();
	},
);
echo "\n", wp_json_encode( array( 'said' => $run[ $argv[2] ]( ...$args ) ) );
