<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Admin\AgentActions;
use AIDoc\Admin\SettingsPage;
use AIDoc\Database;

require_once __DIR__ . '/Dump.php';

/** No copy of the database holds a secret: after each thing that makes one, all tables are searched for its bytes. */
final class AtRestTest extends TestCase {

	private const SHARED = 'a-long-shared-secret-of-the-older-callback';

	protected function setUp(): void {
		parent::setUp();
		wp_set_current_user( 1 );
	}

	protected function tearDown(): void {
		$_POST    = array();
		$_REQUEST = array();
		parent::tearDown();
	}

	/** Presses a button as a browser does, up to the redirect. */
	private function press( callable $handler, array $fields ): void {
		$_POST    = wp_slash( $fields );
		$_REQUEST = $_POST;
		$stop     = static fn( $to ) => throw new \LogicException( $to );
		add_filter( 'wp_redirect', $stop );
		try {
			$handler();
			self::fail( 'No redirect.' );
		} catch ( \LogicException $redirect ) {
			self::assertStringNotContainsString( 'aidoc1.', $redirect->getMessage() );
		} finally {
			remove_filter( 'wp_redirect', $stop );
		}
	}

	private function page(): string {
		ob_start();
		$this->screens()->agents_page()->render();
		return (string) ob_get_clean();
	}

	/** @return array{0:string,1:string} Id and secret bytes of the token in a text. */
	private static function token( string $text ): array {
		self::assertSame( 1, preg_match( '/aidoc1\.(jt_[0-9a-f]{24})\.([A-Za-z0-9_-]{43})/', $text, $part ), 'The join command is shown.' );
		return array( $part[1], (string) base64_decode( strtr( $part[2], '-_', '+/' ) ) );
	}

	private static function assertNowhere( string $secret, string $what ): void {
		self::assertSame( array(), Dump::take()->finds( $secret ), "$what is in the database." );
	}

	public function test_the_search_finds_what_is_there(): void {
		$secret = random_bytes( 32 );
		foreach ( array( 'hex' => bin2hex( $secret ), 'base64+0' => base64_encode( $secret ), 'base64+1' => base64_encode( 'ab' . $secret ), 'base64url+2' => strtr( base64_encode( 'a' . $secret ), '+/', '-_' ) ) as $encoding => $text ) {
			set_transient( 'aidoc_probe', array( 'deep' => $text ), 60 );
			self::assertContains( $encoding, Dump::take()->finds( $secret ) );
		}
		delete_transient( 'aidoc_probe' );
		self::assertNowhere( $secret, 'A secret that is gone' );
	}

	public function test_join_commands_of_the_page(): void {
		$actions = $this->screens()->agent_actions();
		$this->press( array( $actions, 'handle' ), array( 'what' => 'create', 'agent' => '0', 'name' => 'a', '_wpnonce' => wp_create_nonce( AgentActions::nonce( 'create' ) ) ) );
		$between             = Dump::take();
		list( $id, $secret ) = self::token( $this->page() );
		self::assertNotNull( $this->plugin()->key_ring()->find( $id ) );
		self::assertSame( array(), $between->finds( $secret ), 'Not while it waits for the page either.' );
		self::assertNowhere( $secret, 'A join token' );
		self::assertStringNotContainsString( 'aidoc1.', $this->page(), 'Shown once.' );

		$agent = $this->plugin()->agents()->find_by_name( 'a' );
		$this->press( array( $actions, 'handle' ), array( 'what' => 'new_token', 'agent' => (string) $agent->id, '_wpnonce' => wp_create_nonce( AgentActions::nonce( 'new_token', $agent->id ) ) ) );
		$between             = Dump::take();
		list( $new, $other ) = self::token( $this->page() );
		self::assertNotSame( $id, $new );
		self::assertSame( array(), $between->finds( $other ) );
	}

	public function test_a_join_command_that_was_revoked_is_not_shown(): void {
		$actions = $this->screens()->agent_actions();
		$this->press( array( $actions, 'handle' ), array( 'what' => 'create', 'agent' => '0', 'name' => 'a', '_wpnonce' => wp_create_nonce( AgentActions::nonce( 'create' ) ) ) );
		$this->plugin()->agent_manager()->new_token( $this->plugin()->agents()->find_by_name( 'a' )->id );
		self::assertStringNotContainsString( 'aidoc1.', $this->page() );
	}

	public function test_join_commands_of_the_command_line(): void {
		require_once __DIR__ . '/CliTest.php';
		\WP_CLI::$out = array();
		$this->plugin()->command( \AIDoc\CLI\AgentCommand::class )->create( array( 'a' ), array( 'porcelain' => true ) );
		self::assertNowhere( self::token( implode( "\n", \WP_CLI::$out ) )[1], 'A join token' );
	}

	public function test_keys_that_join_and_rotate_bring(): void {
		$made  = $this->plugin()->agent_manager()->create( 'a' );
		$token = new TestAgent( $made['agent'], ...self::token( $made['token'] ) );
		$data  = $token->send( 'POST', '/aidoc/v1/join', array( 'token' => $token->keyId, 'agent' => TestAgent::INFO ) )->get_data();
		$first = new TestAgent( $made['agent'], $data['key_id'], base64_decode( $data['secret'] ) );
		$data  = $first->send( 'POST', '/aidoc/v1/rotate', array() )->get_data();
		$next  = new TestAgent( $made['agent'], $data['key_id'], base64_decode( $data['secret'] ) );
		self::assertSame( 200, $next->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
		foreach ( array( $token, $first, $next ) as $key ) {
			self::assertNowhere( $key->secret, $key->keyId );
		}
	}

	public function test_the_shared_secret_of_the_legacy_callback(): void {
		$form = array( 'types' => array( 'pdf' ), 'max_mb' => '25', 'max_attempts' => '3', 'author' => '0', 'legacy_enabled' => '1', 'legacy_secret' => self::SHARED, '_wpnonce' => wp_create_nonce( SettingsPage::ACTION ) );
		$this->press( array( $this->screens()->settings_page(), 'handle' ), array( 'max_mb' => 'refused' ) + $form );
		self::assertNowhere( self::SHARED, 'A shared secret that was typed into a form with a mistake' );
		$this->press( array( $this->screens()->settings_page(), 'handle' ), $form );
		self::assertSame( self::SHARED, $this->plugin()->settings()->legacy_secret() );
		self::assertNowhere( self::SHARED, 'The shared secret' );
	}

	public function test_a_dump_is_the_whole_database(): void {
		$this->agent();
		self::assertGreaterThan( 10_000, Dump::take()->size() );
		self::assertNotSame( array(), Dump::take()->finds( 'ai-doc-pipeline/ai-doc-pipeline.php' ), 'Options are in it.' );
		self::assertNotSame( array(), Dump::take()->finds( (string) Database::row( 'SELECT sealed FROM ' . Database::table( 'keys' ) )['sealed'] ) );
	}
}
