<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Auth\Profile;
use AIDoc\Database;

/** What no vector can tell: the gate within WordPress. */
final class GateTest extends TestCase {

	public function test_an_admitted_request_is_told_with_its_trace(): void {
		$agent = $this->agent();
		$told  = array();
		add_action(
			'aidoc_agent_request',
			static function ( string $route, string $traceparent ) use ( &$told ): void {
				$told[] = array( $route, $traceparent );
			},
			10,
			2
		);
		$good = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
		foreach ( array( $good, '', '00-x', "$good\n", '<script>', strtoupper( $good ) ) as $parent ) {
			$request = $agent->request( 'POST', '/aidoc/v1/echo', array() );
			$request->set_header( 'traceparent', $parent );
			self::assertSame( 200, TestAgent::dispatch( $request )->get_status() );
		}
		self::assertSame( array( '/aidoc/v1/echo', $good ), $told[0] );
		self::assertSame( array_fill( 0, 5, '' ), array_column( array_slice( $told, 1 ), 1 ) );
		$forged = $agent->request( 'POST', '/aidoc/v1/echo', array() );
		$forged->set_header( 'signature', 'aidoc=:AAAA:' );
		TestAgent::dispatch( $forged );
		self::assertCount( 6, $told, 'Who is refused is not told of.' );
	}

	public function test_echo_tells_what_arrived(): void {
		$agent  = $this->agent();
		$answer = $agent->send( 'POST', '/aidoc/v1/echo', array() );
		self::assertSame( 200, $answer->get_status(), wp_json_encode( $answer->get_data() ) );
		$data = $answer->get_data();
		self::assertSame( array( '/aidoc/v1/echo', 'POST', Profile::HEADERS ), array( $data['route'], $data['method'], $data['headers'] ) );
		self::assertSame( array( 'id' => $agent->agent->id, 'name' => 'scan-1', 'directive' => 'run' ), $data['agent'] );
		self::assertSame( array( get_bloginfo( 'version' ), AIDOC_VERSION, PHP_VERSION ), array( $data['wp_version'], $data['plugin_version'], $data['php_version'] ) );
		self::assertSame( array( 'max_bytes' => 100 * MB_IN_BYTES, 'ttl_ms' => 120_000, 'beat_ms' => 30_000 ), $data['limits'] );
	}

	/** @dataProvider routes */
	public function test_every_agent_route_is_closed_without_a_signature( string $method, string $route ): void {
		$request = new \WP_REST_Request( $method, $route );
		$request->set_body( '{}' );
		wp_set_current_user( 1 ); // Not even for an administrator's cookie.
		self::assertRefused( 'aidoc_signature_missing', 401, TestAgent::dispatch( $request ) );
	}

	/** @dataProvider routes */
	public function test_every_agent_route_is_closed_when_the_gate_is_bypassed( string $method, string $route ): void {
		$request                                   = $this->agent()->request( $method, $route, 'GET' === $method ? null : array() );
		$saved                                     = $GLOBALS['wp_filter']['rest_pre_dispatch'];
		$GLOBALS['wp_filter']['rest_pre_dispatch'] = new \WP_Hook();
		try {
			self::assertRefused( 'aidoc_signature_missing', 401, TestAgent::dispatch( $request ) );
		} finally {
			$GLOBALS['wp_filter']['rest_pre_dispatch'] = $saved;
		}
	}

	public function routes(): array {
		$routes = array( 'file' => array( 'GET', '/aidoc/v1/jobs/1/file' ) );
		foreach ( array( 'join', 'lease', 'beat', 'result', 'results', 'fail', 'release', 'echo', 'rotate' ) as $name ) {
			$routes[ $name ] = array( 'POST', "/aidoc/v1/$name" );
		}
		return $routes;
	}

	public function test_case_variants_of_a_route_are_closed_too(): void {
		$agent = $this->agent();
		self::assertRefused( 'aidoc_signature_missing', 401, $agent->send( 'POST', '/aidoc/v1/ECHO', array() ) );
	}

	/** @dataProvider queries */
	public function test_query_parameters_are_refused( array $query ): void {
		$request = $this->agent()->request( 'POST', '/aidoc/v1/echo', array() );
		$request->set_query_params( $query );
		self::assertRefused( 'aidoc_query_refused', 400, TestAgent::dispatch( $request ) );
		self::assertNotNull( $this->plugin()->principals()->signer( $request ), 'The agent must be able to tell that the site said so.' );
	}

	public function queries(): array {
		return array_map( static fn( $name ) => array( array( $name => '1' ) ), array( '_method', '_envelope', '_jsonp', '_embed', '_fields', 'x' ) );
	}

	public function test_rest_route_is_the_one_parameter_allowed(): void {
		$request = $this->agent()->request( 'POST', '/aidoc/v1/echo', array() );
		$request->set_query_params( array( 'rest_route' => '/aidoc/v1/echo' ) );
		self::assertSame( 200, TestAgent::dispatch( $request )->get_status() );
	}

	public function test_method_overrides_are_refused(): void {
		$agent = $this->agent();
		self::assertRefused( 'aidoc_query_refused', 400, $agent->send( 'POST', '/aidoc/v1/echo', array(), array( 'X-HTTP-Method-Override' => 'POST' ) ) );
		$request = $agent->request( 'POST', '/aidoc/v1/echo', array() );
		self::assertRefused( 'aidoc_query_refused', 400, TestAgent::dispatch( $request, 'PUT' ) );
	}

	public function test_a_body_over_the_limit_is_refused_before_it_is_hashed(): void {
		$agent = $this->agent();
		$big   = '{"x":"' . str_repeat( 'a', MB_IN_BYTES ) . '"}';
		// The digest is wrong as well: had the body been hashed first, that would be the refusal.
		$answer = $agent->send( 'POST', '/aidoc/v1/echo', $big, array( 'Content-Digest' => 'sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:' ) );
		self::assertRefused( 'aidoc_body_too_large', 413, $answer );
		self::assertRefused( 'aidoc_body_too_large', 413, $agent->send( 'POST', '/aidoc/v1/result', '{"x":"' . str_repeat( 'a', 4 * MB_IN_BYTES ) . '"}' ) );
		self::assertRefused( 'aidoc_invalid_field', 400, $agent->send( 'POST', '/aidoc/v1/result', '{"x":"' . str_repeat( 'a', MB_IN_BYTES ) . '"}' ) );
	}

	/** @dataProvider no_objects */
	public function test_a_body_that_is_no_object_is_refused( string $body ): void {
		self::assertRefused( 'aidoc_invalid_field', 400, $this->agent()->send( 'POST', '/aidoc/v1/echo', $body ) );
	}

	public function no_objects(): array {
		return array( array( '' ), array( '[]' ), array( 'null' ), array( '1' ), array( '{' ), array( "{\"a\":\"\xff\"}" ), array( str_repeat( '{"a":', 40 ) . '1' . str_repeat( '}', 40 ) ) );
	}

	public function test_security_plugins_that_close_rest_do_not_close_agent_routes(): void {
		$closed = static fn() => new \WP_Error( 'rest_disabled', 'No.', array( 'status' => 401 ) );
		add_filter( 'rest_authentication_errors', $closed, 9999 );
		$wp     = $GLOBALS['wp'];
		try {
			wp_set_current_user( 1 );
			$wp->query_vars['rest_route'] = '/aidoc/v1/lease/';
			self::assertTrue( apply_filters( 'rest_authentication_errors', null ) );
			self::assertSame( 0, get_current_user_id(), 'A cookie grants nothing here.' );
			foreach ( array( '/wp/v2/users', '/aidoc/v1/items', '/aidoc/v1/lease/../../wp/v2/users', '/x/aidoc/v1/lease' ) as $route ) {
				$wp->query_vars['rest_route'] = $route;
				self::assertWPError( apply_filters( 'rest_authentication_errors', null ), $route );
			}
		} finally {
			unset( $wp->query_vars['rest_route'] );
			remove_filter( 'rest_authentication_errors', $closed, 9999 );
		}
	}

	private static function assertWPError( mixed $value, string $message ): void {
		self::assertInstanceOf( \WP_Error::class, $value, $message );
	}

	public function test_refusals_are_noted_once_per_key_code_and_hour(): void {
		$agent = $this->agent();
		for ( $i = 0; $i < 3; $i++ ) {
			TestAgent::dispatch( $agent->request( 'POST', '/aidoc/v1/echo', array(), array(), time() - 4000 ) );
			( new TestAgent( $agent->agent, 'ak_' . bin2hex( random_bytes( 12 ) ), 'x' ) )->send( 'POST', '/aidoc/v1/echo', array() );
		}
		self::assertSame( array( 'aidoc_clock_skew' => 1, 'aidoc_key_unknown' => 1 ), $this->plugin()->events()->refusals_since( 0 ) );
	}

	public function test_clock_skew_tells_the_sites_time(): void {
		$answer = TestAgent::dispatch( $this->agent()->request( 'POST', '/aidoc/v1/echo', array(), array(), time() - 600 ) );
		self::assertRefused( 'aidoc_clock_skew', 401, $answer );
		self::assertEqualsWithDelta( microtime( true ) * 1000, $answer->get_data()['data']['server_now_ms'], 5000 );
	}

	public function test_a_clone_names_itself(): void {
		$answer = $this->agent()->send( 'POST', '/aidoc/v1/echo', array(), array( 'X-Aidoc-Site' => 'https://staging.example.org' ) );
		self::assertRefused( 'aidoc_signature_invalid', 401, $answer );
	}

	public function test_changed_salts_are_an_outage_and_say_nothing_about_the_key(): void {
		$agent = $this->agent();
		Database::write( 'UPDATE ' . Database::table( 'keys' ) . ' SET sealed = %s', self::store( 'the root key of another time 0123456789' )->seal( $agent->keyId, $agent->secret ) );
		self::assertRefused( 'aidoc_keys_unreadable', 503, $agent->send( 'POST', '/aidoc/v1/echo', array() ) );
		self::assertSame( array( 'total' => 1, 'unreadable' => 1 ), $this->plugin()->key_ring()->readability() );
	}

	public function test_nonces_are_purged_after_a_signature_can_live_and_legacy_bodies_are_not(): void {
		$nonces = $this->plugin()->nonces();
		self::assertTrue( $nonces->remember( 'ak_x', 'n' ) );
		self::assertTrue( $nonces->remember( 'legacy', 'n' ) );
		$this->clock()->advance( 650_000 );
		$nonces->purge();
		self::assertFalse( $nonces->remember( 'ak_x', 'n' ) );
		$this->clock()->advance( 20_000 );
		$nonces->purge();
		self::assertTrue( $nonces->remember( 'ak_x', 'n' ) );
		self::assertFalse( $nonces->remember( 'legacy', 'n' ) );
		// The SQLite drop-in compares without case whatever a column says: it refuses more, never less.
		self::assertSame( ! Database::is_sqlite(), $nonces->remember( 'ak_x', 'N' ) );
	}
}
