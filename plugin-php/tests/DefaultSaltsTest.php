<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

require_once __DIR__ . '/Dump.php';

/** A site whose wp-config.php has the phrases of the sample file, and the way out of it. Each step is a WordPress of its own. */
final class DefaultSaltsTest extends TestCase {

	private const KEY   = 'ak_0123456789abcdef01234567';
	private const TOKEN = 'jt_0123456789abcdef01234567';
	private const OWN   = array( 'AIDOC_KEY' => 'b1Jx0q-9sT5oWc3rLkYhZ7nD2vEaMfUgPiX4' );

	private static function defaults(): array {
		$names = array( 'AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT' );
		return array_fill_keys( $names, 'put your unique phrase here' );
	}

	protected function tearDown(): void {
		foreach ( array( 'auth', 'secure_auth', 'logged_in', 'nonce' ) as $scheme ) {
			delete_site_option( "{$scheme}_key" );
			delete_site_option( "{$scheme}_salt" );
		}
		delete_site_option( 'secret_key' );
		parent::tearDown();
	}

	private static function on( array $constants, string $command, mixed ...$args ): mixed {
		$line = array( PHP_BINARY, __DIR__ . '/configured.php', (string) wp_json_encode( (object) $constants ), $command, (string) wp_json_encode( $args ) );
		$run  = proc_open( $line, array( 1 => array( 'pipe', 'w' ), 2 => array( 'redirect', 1 ) ), $pipes );
		$out  = (string) stream_get_contents( $pipes[1] );
		proc_close( $run );
		$said = json_decode( substr( $out, (int) strrpos( $out, "\n" ) ), true );
		self::assertIsArray( $said, $out );
		wp_cache_flush();
		return $said['said'];
	}

	public function test_nothing_new_can_be_sealed_and_everybody_who_can_fix_it_is_told_how(): void {
		$site                    = self::defaults();
		$line                    = "define( 'AIDOC_KEY', '";
		list( $code, $sentence ) = self::on( $site, 'create', 'a' );
		self::assertSame( 'aidoc_root_key_missing', $code );
		self::assertStringContainsString( $line, $sentence );
		self::assertNull( $this->plugin()->agents()->find_by_name( 'a' ), 'No agent is left behind that nobody can join.' );
		self::assertStringContainsString( $line, (string) self::on( $site, 'legacy', 'a-long-shared-secret' ) );
		self::assertFalse( $this->plugin()->settings()->has_legacy_secret() );
		list( $status, $advice ) = self::on( $site, 'health' );
		self::assertSame( 'critical', $status );
		self::assertStringContainsString( $line, $advice );

		$page = self::on( $site, 'page' );
		self::assertSame( 1, preg_match( '/AIDOC_KEY(?:&#0?39;|\'), (?:&#0?39;|\')([A-Za-z0-9_-]{43})(?:&#0?39;|\')/', $page, $offered ), 'The page offers a line to copy.' );
		self::assertStringNotContainsString( 'class="aidoc-create"', $page );
		self::assertSame( array(), Dump::take()->finds( $offered[1] ), 'It is kept nowhere.' );
		self::assertSame( 'created', self::on( $site + array( 'AIDOC_KEY' => $offered[1] ), 'create', 'a' )[0] );
	}

	public function test_the_command_line_refuses_too(): void {
		list( $line, $error ) = self::on( self::defaults(), 'cli', 'a' );
		self::assertMatchesRegularExpression( "/^line define\\( 'AIDOC_KEY', '[A-Za-z0-9_-]{43}' \\);\$/", $line );
		self::assertStringStartsWith( 'error This site cannot protect', $error );
	}

	public function test_a_weak_key_of_its_own_is_refused_whatever_the_salts(): void {
		list( $code, $sentence ) = self::on( array( 'AIDOC_KEY' => 'too short' ), 'create', 'a' );
		self::assertSame( 'aidoc_root_key_missing', $code );
		self::assertStringContainsString( 'at least 32', $sentence );
	}

	/** An upgrade must not stop a site that runs, nor must its cure. */
	public function test_agents_of_earlier_versions_go_on_and_the_fix_locks_nobody_out(): void {
		$site   = self::defaults();
		$secret = base64_encode( random_bytes( 64 ) );
		$echo   = array( self::KEY, $secret, '/aidoc/v1/echo', array() );
		self::assertTrue( self::on( $site, 'old', self::KEY, $secret ) );
		self::assertSame( array( 200, '' ), self::on( $site, 'send', ...$echo ) );
		self::assertSame( array( 503, 'aidoc_root_key_missing' ), self::on( $site, 'send', self::KEY, $secret, '/aidoc/v1/rotate', array() ) );
		self::assertSame( 'critical', self::on( $site, 'health' )[0] );
		self::assertSame( 'aidoc_root_key_missing', self::on( $site, 'token', 'old ' . self::KEY )[0] );

		self::assertSame( array( 200, '' ), self::on( $site + self::OWN, 'send', ...$echo ), 'The line was added.' );
		self::assertSame( 'good', self::on( $site + self::OWN, 'health' )[0] );
		self::assertSame( array( 200, '' ), self::on( self::OWN, 'send', ...$echo ), 'Then the salts were fixed.' );
		self::assertSame( array( 503, 'aidoc_keys_unreadable' ), self::on( $site, 'send', ...$echo ), 'The lock is no longer beside its key.' );
	}

	public function test_nobody_joins_a_site_without_a_root(): void {
		$site   = self::defaults();
		$secret = base64_encode( random_bytes( 32 ) );
		$join   = array( self::TOKEN, $secret, '/aidoc/v1/join', array( 'token' => self::TOKEN, 'agent' => TestAgent::INFO ) );
		self::assertTrue( self::on( $site, 'old', self::TOKEN, $secret ) );
		self::assertSame( array( 503, 'aidoc_root_key_missing' ), self::on( $site, 'send', ...$join ) );
		self::assertSame( array( 200, '' ), self::on( $site + self::OWN, 'send', ...$join ), 'The token was not spent.' );
	}
}
