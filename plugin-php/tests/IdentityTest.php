<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Admin\AgentFacts;
use AIDoc\Admin\AgentView;
use AIDoc\Auth\SiteKey;
use AIDoc\Database;

require_once __DIR__ . '/Dump.php';

/** Agents of which the site has the public key alone. */
final class IdentityTest extends TestCase {

	private const ROUTES = array( 'lease', 'beat', 'result', 'fail', 'release' );

	/** @return array{0:string,1:string} Private key of 64 bytes, and the public one as it is offered. */
	private static function pair(): array {
		$pair = sodium_crypto_sign_keypair();
		return array( sodium_crypto_sign_secretkey( $pair ), base64_encode( sodium_crypto_sign_publickey( $pair ) ) );
	}

	private function token( string $name = 'scan-1' ): TestAgent {
		$made = $this->plugin()->agent_manager()->create( $name );
		return new TestAgent( $made['agent'], $made['token_id'], (string) base64_decode( strtr( explode( '.', $made['token'] )[2], '-_', '+/' ) ) );
	}

	private static function join( TestAgent $token, array $more = array() ): \WP_REST_Response {
		return $token->send( 'POST', '/aidoc/v1/join', $more + array( 'token' => $token->keyId, 'agent' => TestAgent::INFO ) );
	}

	/** An agent that has joined with a public key, and what the site told it. */
	private function public_agent( string $name = 'scan-1' ): array {
		list( $private, $public ) = self::pair();
		$token                    = $this->token( $name );
		$data                     = self::join( $token, array( 'public_key' => $public ) )->get_data();
		self::assertArrayHasKey( 'site_key', $data, (string) wp_json_encode( $data ) );
		return array( new TestAgent( $this->plugin()->agents()->find( $token->agent->id ), $data['key_id'], $private ), $data['site_key'] );
	}

	private function demand(): void {
		$this->plugin()->settings()->update( array( 'require_public_keys' => true ) );
	}

	/** The signature of the answer as it would be served, verified by sodium alone. */
	private function answered_with( \WP_REST_Request $request, string $public_key ): array {
		$headers = $this->plugin()->principals()->signer( $request )->headers( 200, base64_encode( hash( 'sha256', '{}', true ) ), time() );
		preg_match( '/^aidoc=(\(.*;keyid="([a-z]{2}_[0-9a-f]{24})";tag="([a-z-]+)")$/D', $headers['Signature-Input'], $part );
		preg_match( '/^aidoc=:(.*):$/D', $headers['Signature'], $signature );
		$base = "\"@status\": 200\n\"content-digest\": {$headers['Content-Digest']}\n\"signature\";req;key=\"aidoc\": " . substr( $request->get_header( 'Signature' ), 6 ) . "\n\"@signature-params\": {$part[1]}";
		return array( $part[2], $part[3], sodium_crypto_sign_verify_detached( (string) base64_decode( $signature[1] ), $base, $public_key ) );
	}

	public function test_joining_with_a_public_key(): void {
		list( $agent, $site ) = $this->public_agent();
		self::assertMatchesRegularExpression( '/^ae_[0-9a-f]{24}$/', $agent->keyId );
		self::assertSame( SiteKey::id_of( (string) base64_decode( $site['public_key'] ) ), $site['key_id'] );
		$request = $agent->request( 'POST', '/aidoc/v1/echo', array() );
		self::assertSame( 200, TestAgent::dispatch( $request )->get_status() );
		self::assertSame( array( $site['key_id'], 'aidoc-response', true ), $this->answered_with( $request, (string) base64_decode( $site['public_key'] ) ) );
		$id = $this->upload();
		self::assertSame( $id, $agent->lease()[0]['attachment_id'] );
	}

	public function test_the_answer_brings_no_secret(): void {
		$token = $this->token();
		$data  = self::join( $token, array( 'public_key' => self::pair()[1] ) )->get_data();
		self::assertSame( array( 'key_id', 'site_key', 'agent', 'site', 'limits', 'new_agents' ), array_keys( $data ) );
		self::assertSame( array( 'key_id', 'public_key' ), array_keys( $data['site_key'] ) );
	}

	public function test_all_agents_pin_the_same_site_key_and_the_database_has_no_private_half(): void {
		list( $one, $site )   = $this->public_agent( 'a' );
		list( $two, $second ) = $this->public_agent( 'b' );
		self::assertSame( $site, $second );
		$row     = Database::row( 'SELECT * FROM ' . Database::table( 'keys' ) . " WHERE kind = 'site'" );
		$private = (string) $this->plugin()->key_store()->open( 'site', $row['sealed'] );
		self::assertSame( base64_decode( $site['public_key'] ), substr( $private, 32 ) );
		$dump = Dump::take();
		foreach ( array( 'the site’s' => $private, 'an agent’s' => $one->secret, 'the other’s' => $two->secret ) as $whose => $key ) {
			self::assertSame( array(), $dump->finds( substr( $key, 0, 32 ) ), "$whose private key" );
		}
		self::assertSame( substr( $one->secret, 32 ), $this->plugin()->key_store()->open( $one->keyId, $this->plugin()->key_ring()->find( $one->keyId )->sealed ), 'What is sealed is the public half.' );
	}

	/** Everything that a copy of the database holds of an agent and of the site, tried as a key. */
	public function test_a_stolen_database_forges_no_request(): void {
		list( $agent, $site ) = $this->public_agent();
		$row                  = Database::row( 'SELECT * FROM ' . Database::table( 'keys' ) . ' WHERE key_id = %s', $agent->keyId );
		foreach ( array_filter( array( base64_decode( $row['public_key'] ), $row['public_key'], $row['sealed'], base64_decode( $site['public_key'] ), $row['site_key_id'] ) ) as $stolen ) {
			$request = $agent->request( 'POST', '/aidoc/v1/lease', TestAgent::lease_body() );
			$base    = 'what it signs does not matter: the form is refused';
			$request->set_header( 'Signature', 'aidoc=:' . base64_encode( hash_hmac( 'sha256', $base, $stolen, true ) ) . ':' );
			self::assertRefused( 'aidoc_signature_malformed', 400, TestAgent::dispatch( $request ) );
		}
		list( $other ) = self::pair();
		self::assertRefused( 'aidoc_signature_invalid', 401, ( new TestAgent( $agent->agent, $agent->keyId, $other ) )->send( 'POST', '/aidoc/v1/lease', TestAgent::lease_body() ) );
	}

	public function test_the_name_of_a_key_fixes_its_algorithm(): void {
		list( $public ) = $this->public_agent( 'a' );
		$shared         = $this->agent( 'b' );
		$request        = $shared->request( 'POST', '/aidoc/v1/echo', array() );
		$request->set_header( 'Signature', 'aidoc=:' . base64_encode( random_bytes( 64 ) ) . ':' );
		self::assertRefused( 'aidoc_signature_malformed', 400, TestAgent::dispatch( $request ) );

		$table = Database::table( 'keys' );
		// Rows as somebody would like them who can write into the database, but has no root key.
		list( $own, $offered ) = self::pair();
		$written               = $this->public_agent( 'c' )[0];
		Database::write( "UPDATE $table SET public_key = %s WHERE key_id = %s", $offered, $written->keyId );
		self::assertRefused( 'aidoc_keys_unreadable', 503, ( new TestAgent( $written->agent, $written->keyId, $own ) )->send( 'POST', '/aidoc/v1/echo', array() ) );
		Database::write( "UPDATE $table SET sealed = '' WHERE key_id = %s", $written->keyId );
		self::assertRefused( 'aidoc_keys_unreadable', 503, ( new TestAgent( $written->agent, $written->keyId, $own ) )->send( 'POST', '/aidoc/v1/echo', array() ) );
		$known = (string) Database::row( "SELECT sealed FROM $table WHERE key_id = %s", $shared->keyId )['sealed'];
		Database::write( "UPDATE $table SET algorithm = 'hmac-sha256', sealed = %s, public_key = '' WHERE key_id = %s", $known, $public->keyId );
		self::assertRefused( 'aidoc_keys_unreadable', 503, $public->send( 'POST', '/aidoc/v1/echo', array() ) );
		Database::write( "UPDATE $table SET algorithm = 'ed25519', public_key = %s WHERE key_id = %s", self::pair()[1], $shared->keyId );
		self::assertRefused( 'aidoc_keys_unreadable', 503, $shared->send( 'POST', '/aidoc/v1/echo', array() ) );
	}

	/** @dataProvider bad_keys */
	public function test_a_public_key_that_may_stand_for_anybody_is_refused( mixed $offered ): void {
		$token  = $this->token();
		$answer = self::join( $token, array( 'public_key' => $offered ) );
		self::assertRefused( 'aidoc_invalid_field', 400, $answer );
		self::assertStringContainsString( 'public_key', $answer->get_data()['message'] );
		self::assertSame( 200, self::join( $token, array( 'public_key' => self::pair()[1] ) )->get_status(), 'The token was not spent.' );
		$agent = $this->agent( 'b' );
		self::assertRefused( 'aidoc_invalid_field', 400, $agent->send( 'POST', '/aidoc/v1/rotate', array( 'public_key' => $offered ) ) );
		self::assertSame( 200, $agent->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
	}

	public static function bad_keys(): array {
		$hex = static fn( string $text ): string => base64_encode( (string) hex2bin( $text ) );
		return array(
			'short'               => array( base64_encode( random_bytes( 31 ) ) ),
			'long'                => array( base64_encode( random_bytes( 33 ) ) ),
			'empty'               => array( '' ),
			'null'                => array( null ),
			'a list'              => array( array( 'x' ) ),
			'hex'                 => array( bin2hex( random_bytes( 32 ) ) ),
			'base64url'           => array( str_repeat( '_', 43 ) ),
			'other bits set'      => array( str_repeat( 'A', 42 ) . 'B=' ),
			'order 1'             => array( $hex( '01' . str_repeat( '00', 31 ) ) ),
			'order 2'             => array( $hex( 'ec' . str_repeat( 'ff', 30 ) . '7f' ) ),
			'order 8'             => array( $hex( '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05' ) ),
			'not canonical'       => array( $hex( 'f0' . str_repeat( 'ff', 30 ) . '7f' ) ),
			'no point'            => array( $hex( '02' . str_repeat( '00', 31 ) ) ),
		);
	}

	public function test_where_it_is_demanded_a_shared_secret_can_only_be_replaced(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		$this->demand();
		foreach ( self::ROUTES as $route ) {
			self::assertRefused( 'aidoc_public_key_required', 403, $agent->send( 'POST', "/aidoc/v1/$route", array() ) );
		}
		self::assertRefused( 'aidoc_public_key_required', 403, $agent->send( 'GET', "/aidoc/v1/jobs/{$lease['job_id']}/file", null, array( 'X-Aidoc-Lease' => "{$lease['epoch']}:{$lease['lease_token']}" ) ) );
		self::assertSame( 200, $agent->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
		self::assertRefused( 'aidoc_public_key_required', 403, $agent->send( 'POST', '/aidoc/v1/rotate', array() ) );

		list( $private, $public ) = self::pair();
		$data                     = $agent->send( 'POST', '/aidoc/v1/rotate', array( 'public_key' => $public ) )->get_data();
		self::assertSame( array( 'key_id', 'site_key' ), array_keys( $data ) );
		$next = new TestAgent( $agent->agent, $data['key_id'], $private );
		self::assertSame( 200, $next->result( $lease )->get_status(), 'What it held when the demand was made is not lost.' );
		self::assertSame( 'done', $this->job_of( $id )->state->value );
		self::assertRefused( 'aidoc_key_revoked', 403, $agent->send( 'POST', '/aidoc/v1/echo', array() ) );
	}

	public function test_where_it_is_demanded_nobody_joins_without(): void {
		$this->demand();
		$token = $this->token();
		self::assertRefused( 'aidoc_public_key_required', 403, self::join( $token ) );
		self::assertSame( 200, self::join( $token, array( 'public_key' => self::pair()[1] ) )->get_status(), 'The token was not spent.' );
	}

	public function test_public_keys_rotate_to_public_keys_alone(): void {
		list( $first, $site ) = $this->public_agent();
		self::assertRefused( 'aidoc_public_key_required', 403, $first->send( 'POST', '/aidoc/v1/rotate', array() ) );
		list( $private, $public ) = self::pair();
		$lost                     = $first->send( 'POST', '/aidoc/v1/rotate', array( 'public_key' => self::pair()[1] ) )->get_data();
		$data                     = $first->send( 'POST', '/aidoc/v1/rotate', array( 'public_key' => $public ) )->get_data();
		self::assertSame( $site, $data['site_key'] );
		self::assertSame( 'revoked', $this->plugin()->key_ring()->find( $lost['key_id'] )->state );
		self::assertSame( 200, $first->send( 'POST', '/aidoc/v1/echo', array() )->get_status(), 'Both are alive.' );
		self::assertSame( 200, ( new TestAgent( $first->agent, $data['key_id'], $private ) )->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
		self::assertRefused( 'aidoc_key_revoked', 403, $first->send( 'POST', '/aidoc/v1/echo', array() ) );
	}

	public function test_a_refusal_of_what_was_not_verified_is_signed_by_the_site_too(): void {
		list( $agent, $site ) = $this->public_agent();
		$request              = $agent->request( 'POST', '/aidoc/v1/echo', array() );
		$request->set_body( '{ }' );
		self::assertRefused( 'aidoc_digest_mismatch', 400, TestAgent::dispatch( $request ) );
		self::assertSame( array( $site['key_id'], 'aidoc-refusal', true ), $this->answered_with( $request, (string) base64_decode( $site['public_key'] ) ) );
	}

	public function test_a_request_of_a_public_key_moves_the_site_key_under_a_new_root(): void {
		list( $agent ) = $this->public_agent();
		$table         = Database::table( 'keys' );
		$private       = (string) $this->plugin()->key_store()->open( 'site', Database::row( "SELECT sealed FROM $table WHERE kind = 'site'" )['sealed'] );
		$nonce         = random_bytes( 24 );
		Database::write( "UPDATE $table SET sealed = %s WHERE kind = 'site'", base64_encode( $nonce . sodium_crypto_secretbox( $private, $nonce, hash_hkdf( 'sha256', wp_salt( 'secure_auth' ), 32, 'aidoc-keystore-v1/site' ) ) ) );
		self::assertSame( 200, $agent->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
		self::assertStringStartsWith( 'k2.', Database::row( "SELECT sealed FROM $table WHERE kind = 'site'" )['sealed'] );
	}

	/** A database that was restored beside another wp-config.php. */
	public function test_a_site_that_lost_its_root_key_gets_a_new_signing_key_and_says_who_must_join_again(): void {
		list( $agent, $site ) = $this->public_agent( 'a' );
		$table                = Database::table( 'keys' );
		Database::write( "UPDATE $table SET sealed = %s WHERE kind = 'site'", self::store( 'the root key of another time 0123456789' )->seal( 'site', random_bytes( 64 ) ) );
		self::assertRefused( 'aidoc_keys_unreadable', 503, $agent->send( 'POST', '/aidoc/v1/echo', array() ) );
		self::assertSame( array( 'total' => 1, 'unreadable' => 1 ), $this->plugin()->key_ring()->readability() );

		list( , $new ) = $this->public_agent( 'b' );
		self::assertNotSame( $site['key_id'], $new['key_id'] );
		$request = $agent->request( 'POST', '/aidoc/v1/echo', array() );
		self::assertSame( 200, TestAgent::dispatch( $request )->get_status() );
		self::assertSame( array( $new['key_id'], 'aidoc-response', true ), $this->answered_with( $request, (string) base64_decode( $new['public_key'] ) ), 'The agent cannot verify it, which is right.' );
		self::assertSame( array( 'total' => 2, 'unreadable' => 1 ), $this->plugin()->key_ring()->readability() );

		$keys = $this->plugin()->key_ring()->in_use();
		$view = fn( string $name ): array => AgentView::make( $this->plugin()->agents()->find_by_name( $name ), new AgentFacts( key: $keys[ $this->plugin()->agents()->find_by_name( $name )->id ], siteKey: $this->plugin()->site_keys()->known_id() ), 1 );
		self::assertSame( array( 'Public key', '' ), array( $view( 'b' )['identity'], $view( 'b' )['identity_note'] ) );
		self::assertStringContainsString( 'join it again', $view( 'a' )['identity_note'] );
	}

	public function test_the_agents_page_and_the_settings_say_which_is_which(): void {
		$this->agent( 'shared' );
		$this->public_agent( 'public' );
		wp_set_current_user( 1 );
		ob_start();
		$this->screens()->agents_page()->render();
		$page = (string) ob_get_clean();
		self::assertMatchesRegularExpression( '/>public<.*Public key.*>shared<.*Shared secret/s', $page );
		ob_start();
		$this->screens()->settings_page()->render();
		self::assertStringContainsString( '1 agent has a shared secret now.', (string) ob_get_clean() );
	}

	public function test_the_columns_can_be_added_twice_and_are_what_an_older_table_gets(): void {
		$table = Database::table( 'keys' );
		$agent = $this->agent();
		foreach ( array( 'algorithm', 'public_key', 'site_key_id' ) as $column ) {
			Database::write( "ALTER TABLE $table DROP COLUMN $column" );
		}
		\AIDoc\Schema::add_public_keys();
		\AIDoc\Schema::add_public_keys();
		self::assertSame( 200, $agent->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
	}
}
