<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

/** What an agent gets over HTTP: which answers are signed, and as what. */
final class AnswersTest extends TestCase {

	private const RESPONSE = 'aidoc-response';
	private const REFUSAL  = 'aidoc-refusal';

	/** @var string[] */
	private array $plugins = array();

	protected function tearDown(): void {
		array_map( 'unlink', $this->plugins );
		$this->plugins = array();
		parent::tearDown();
	}

	/** Another plugin on the same site, loaded before ours. */
	private function other_plugin( string $code ): void {
		wp_mkdir_p( WPMU_PLUGIN_DIR );
		$file            = WPMU_PLUGIN_DIR . '/aidoc-test-' . bin2hex( random_bytes( 6 ) ) . '.php';
		$this->plugins[] = $file;
		file_put_contents( $file, "<?php\n$code\n" );
	}

	private static function assertAnswer( string $tag, int $status, string $code, Wire $answer ): void {
		self::assertSame( array( $tag, $status, $code ), array( $answer->tag, $answer->status, $answer->data()['code'] ?? '' ), $answer->body );
	}

	public function test_a_routes_answer_is_the_sites_word(): void {
		$agent  = $this->agent();
		$answer = Wire::send( $agent, $agent->request( 'POST', '/aidoc/v1/echo', array() ) );
		self::assertAnswer( self::RESPONSE, 200, '', $answer );
		self::assertSame( $agent->agent->id, $answer->data()['agent']['id'] );
		self::assertSame( array( 'no-store, private', 'application/json; charset=UTF-8' ), array( $answer->headers['cache-control'], $answer->headers['content-type'] ) );
	}

	public function test_a_verified_refusal_is_the_sites_word_too(): void {
		$agent = $this->agent();
		self::assertAnswer( self::RESPONSE, 400, 'aidoc_unknown_field', Wire::send( $agent, $agent->request( 'POST', '/aidoc/v1/echo', array( 'x' => 1 ) ) ) );
		self::assertAnswer( self::RESPONSE, 400, 'aidoc_invalid_field', Wire::send( $agent, $agent->request( 'POST', '/aidoc/v1/echo', '[]' ) ) );
		self::assertAnswer( self::RESPONSE, 401, 'aidoc_clock_skew', Wire::send( $agent, $agent->request( 'POST', '/aidoc/v1/echo', array(), array(), time() - 400 ) ) );
		$again = $agent->request( 'POST', '/aidoc/v1/echo', array() );
		Wire::send( $agent, $again );
		self::assertAnswer( self::RESPONSE, 409, 'aidoc_replayed', Wire::send( $agent, $again ) );
		$this->plugin()->key_ring()->revoke_all( $agent->agent->id );
		self::assertAnswer( self::RESPONSE, 403, 'aidoc_key_revoked', Wire::send( $agent, $agent->request( 'POST', '/aidoc/v1/echo', array() ) ) );
	}

	/** @dataProvider on_the_way */
	public function test_a_refusal_that_anybody_on_the_way_can_cause_says_so( string $code, int $status, array $query, array $change ): void {
		$agent  = $this->agent();
		$answer = Wire::send( $agent, $agent->request( 'POST', '/aidoc/v1/result', array() ), $query, $change );
		self::assertAnswer( self::REFUSAL, $status, $code, $answer );
	}

	public function on_the_way(): array {
		$cases = array(
			'padded'          => array( 'aidoc_body_too_large', 413, array(), array( 'body' => '{}' . str_repeat( ' ', 4 * MB_IN_BYTES ) ) ),
			'body changed'    => array( 'aidoc_digest_mismatch', 400, array(), array( 'body' => '{"x":1}' ) ),
			'method override' => array( 'aidoc_query_refused', 400, array(), array( 'headers' => array( 'x-http-method-override' => 'PUT' ) ) ),
			'method changed'  => array( 'aidoc_signature_invalid', 401, array(), array( 'method' => 'PUT' ) ),
			'site changed'    => array( 'aidoc_signature_invalid', 401, array(), array( 'headers' => array( 'x-aidoc-site' => 'https://staging.example.org' ) ) ),
		);
		foreach ( array( 'utm', '_envelope', '_jsonp', '_fields', '_embed', '_locale' ) as $name ) {
			$cases[ "?$name" ] = array( 'aidoc_query_refused', 400, array( $name => 'x' ), array() );
		}
		$cases['?_method']  = array( 'aidoc_query_refused', 400, array( '_method' => 'GET' ), array() );
		$cases['two of it'] = array( 'aidoc_query_refused', 400, array( '_envelope' => '1', '_embed' => '1' ), array( 'headers' => array( 'x-http-method-override' => 'GET' ) ) );
		return $cases;
	}

	public function test_a_database_that_fails_before_the_request_is_verified_or_just_after_concludes_nothing(): void {
		$agent = $this->agent();
		$this->other_plugin( "add_filter( 'query', static fn( \$sql ) => str_contains( \$sql, 'INSERT IGNORE' ) && str_contains( \$sql, 'aidoc_nonces' ) ? 'SELECT x FROM no_such_table' : \$sql );" );
		self::assertAnswer( self::REFUSAL, 503, 'aidoc_unavailable', Wire::send( $agent, $agent->request( 'POST', '/aidoc/v1/echo', array() ) ) );
	}

	public function test_no_answer_is_signed_for_a_key_that_the_site_does_not_have(): void {
		$agent    = $this->agent();
		$stranger = new TestAgent( $agent->agent, 'ak_000000000000000000000000', $agent->secret );
		self::assertAnswer( '', 401, 'aidoc_key_unknown', Wire::send( $stranger, $stranger->request( 'POST', '/aidoc/v1/echo', array() ) ) );
		self::assertAnswer( '', 401, 'aidoc_signature_missing', Wire::send( $agent, $agent->request( 'POST', '/aidoc/v1/echo', array(), array( 'Signature' => null ) ) ) );
		self::assertAnswer( '', 400, 'aidoc_query_refused', Wire::send( $stranger, $stranger->request( 'POST', '/aidoc/v1/echo', array() ), array( 'x' => '1' ) ) );
	}

	/** @dataProvider meddlers */
	public function test_what_other_plugins_make_of_an_answer_is_not_sent( string $code ): void {
		$this->other_plugin( $code );
		$agent  = $this->agent();
		$answer = Wire::send( $agent, $agent->request( 'POST', '/aidoc/v1/echo', array() ) );
		self::assertAnswer( self::RESPONSE, 200, '', $answer );
		self::assertSame( '/aidoc/v1/echo', $answer->data()['route'] );
		self::assertStringNotContainsString( 'meddled', $answer->body );
		$refusal = Wire::send( $agent, $agent->request( 'POST', '/aidoc/v1/echo', array() ), array( 'utm' => '1' ) );
		self::assertAnswer( self::REFUSAL, 400, 'aidoc_query_refused', $refusal );
	}

	public function meddlers(): array {
		return array(
			'changes the data'          => array( "add_filter( 'rest_post_dispatch', static function ( \$r ) { \$r->set_data( array( 'meddled' => 1 ) + (array) \$r->get_data() ); return \$r; } );" ),
			'changes the status'        => array( "add_filter( 'rest_post_dispatch', static function ( \$r ) { \$r->set_status( 201 ); return \$r; } );" ),
			'answers afterwards'        => array( "add_filter( 'rest_post_dispatch', static fn() => new WP_REST_Response( array( 'meddled' => 1 ), 403 ) );" ),
			'an error afterwards'       => array( "add_filter( 'rest_request_after_callbacks', static fn() => new WP_Error( 'meddled', 'No.', array( 'status' => 403 ) ) );" ),
			'changes what is echoed'    => array( "add_filter( 'rest_pre_echo_response', static fn() => array( 'meddled' => 1 ) );" ),
			'prints before the answer'  => array( "add_filter( 'rest_pre_serve_request', static function ( \$served ) { echo 'meddled'; return \$served; } );" ),
			'prints a byte order mark'  => array( "echo \"\\xEF\\xBB\\xBF\\n\";" ),
			'prints a notice on init'   => array( "add_action( 'init', static function () { echo str_repeat( '<br /><b>Notice</b>: meddled', 1000 ); } );" ),
			'wraps it in an envelope'   => array( "\$_GET['_envelope'] = '1'; add_filter( 'rest_pre_dispatch', static function ( \$result, \$server, \$request ) { \$request->set_query_params( array_diff_key( \$request->get_query_params(), array( '_envelope' => 1 ) ) ); return \$result; }, 1, 3 );" ),
		);
	}

	/** @dataProvider stand_ins */
	public function test_what_other_plugins_answer_in_our_place_is_not_signed( string $code ): void {
		$this->other_plugin( $code );
		$agent  = $this->agent();
		$answer = Wire::send( $agent, $agent->request( 'POST', '/aidoc/v1/echo', array() ) );
		self::assertAnswer( '', 403, 'meddled', $answer );
		self::assertArrayNotHasKey( 'signature', $answer->headers );
		self::assertSame( 'no-store, private', $answer->headers['cache-control'] );
	}

	public function stand_ins(): array {
		$error = "static fn() => new WP_Error( 'meddled', 'No.', array( 'status' => 403 ) )";
		return array(
			'instead of the gate'  => array( "add_filter( 'rest_pre_dispatch', $error, 1 );" ),
			'after the gate'       => array( "add_filter( 'rest_pre_dispatch', $error, 99 );" ),
			'before the callbacks' => array( "add_filter( 'rest_request_before_callbacks', $error );" ),
			'instead of the route' => array( "add_filter( 'rest_dispatch_request', $error );" ),
		);
	}

	public function test_what_core_answers_in_our_place_is_not_signed(): void {
		$agent = $this->agent();
		self::assertAnswer( '', 404, 'rest_no_route', Wire::send( $agent, $agent->request( 'GET', '/aidoc/v1/echo' ) ) );
		$options = Wire::send( $agent, $agent->request( 'OPTIONS', '/aidoc/v1/echo', '' ) );
		self::assertSame( array( '', 200 ), array( $options->tag, $options->status ) );
	}

	/** @dataProvider batches */
	public function test_a_batch_opens_no_agent_route( string $method, string $route, ?array $body, bool $signed ): void {
		$agent   = $this->agent();
		$request = $agent->request( $method, $route, $body );
		$headers = array_map( static fn( $values ) => implode( ', ', $values ), $request->get_headers() );
		$one     = array( 'method' => $method, 'path' => $route, 'headers' => $signed ? $headers : (object) array(), 'body' => (object) array() );
		$answer  = wp_remote_post( rest_url( 'batch/v1' ), array( 'timeout' => 30, 'headers' => array( 'content-type' => 'application/json' ), 'body' => wp_json_encode( array( 'requests' => array( $one ) ) ) ) );
		self::assertSame( 207, $answer['response']['code'], $answer['body'] );
		$inner = json_decode( $answer['body'], true )['responses'][0];
		self::assertGreaterThanOrEqual( 400, $inner['status'] );
		self::assertNotEmpty( $inner['body']['code'], $answer['body'] );
		self::assertArrayNotHasKey( 'Signature', (array) $inner['headers'] );
		self::assertSame( 0, $this->plugin()->agents()->find( $agent->agent->id )->lastSeenMs ?? 0, 'No route ran.' );
	}

	public function batches(): array {
		return array(
			'unsigned'       => array( 'POST', '/aidoc/v1/echo', array(), false ),
			'signed'         => array( 'POST', '/aidoc/v1/echo', array(), true ),
			'signed, empty'  => array( 'POST', '/aidoc/v1/echo', null, true ),
			'signed as PUT'  => array( 'PUT', '/aidoc/v1/echo', null, true ),
			'unsigned lease' => array( 'POST', '/aidoc/v1/lease', array(), false ),
		);
	}

	/** @dataProvider from_inside */
	public function test_a_request_from_inside_php_opens_no_agent_route( string $method, string $route ): void {
		wp_set_current_user( 1 );
		$_SERVER['REQUEST_METHOD'] = $method;
		$answer                    = rest_do_request( new \WP_REST_Request( $method, $route ) );
		self::assertRefused( 'aidoc_signature_missing', 401, is_wp_error( $answer ) ? rest_convert_error_to_response( $answer ) : $answer );
		self::assertSame( array(), rest_preload_api_request( array(), 'GET' === $method ? $route : array( $route, $method ) ) );
	}

	public function from_inside(): array {
		return array( array( 'GET', '/aidoc/v1/jobs/1/file' ), array( 'POST', '/aidoc/v1/lease' ), array( 'HEAD', '/aidoc/v1/jobs/1/file' ), array( 'OPTIONS', '/aidoc/v1/echo' ) );
	}

	public function test_a_file_and_its_head_are_signed(): void {
		$this->upload( 'minutes.pdf', "%PDF-1.4\nhello" );
		$agent  = $this->agent();
		$lease  = $agent->lease()[0];
		$route  = "/aidoc/v1/jobs/{$lease['job_id']}/file";
		$header = array( 'X-Aidoc-Lease' => "{$lease['epoch']}:{$lease['lease_token']}", 'Content-Type' => null );
		$whole  = Wire::send( $agent, $agent->request( 'GET', $route, null, $header ) );
		self::assertSame( array( self::RESPONSE, 200, "%PDF-1.4\nhello" ), array( $whole->tag, $whole->status, $whole->body ) );
		self::assertSame( array( 'application/octet-stream', '14' ), array( $whole->headers['content-type'], $whole->headers['content-length'] ) );
		self::assertAnswer( self::REFUSAL, 400, 'aidoc_query_refused', Wire::send( $agent, $agent->request( 'GET', $route, null, $header ), array( 'v' => '1' ) ) );
		foreach ( self::headers_on_the_way( $lease ) as $name => list( $changed, $status, $code ) ) {
			$answer = Wire::send( $agent, $agent->request( 'GET', $route, null, $header ), array(), array( 'headers' => $changed ) );
			self::assertSame( array( $name, self::REFUSAL, $status, $code ), array( $name, $answer->tag, $answer->status, $answer->data()['code'] ?? '' ) );
		}
	}

	/** The lease and the range travel in headers that the signature does not cover. */
	private static function headers_on_the_way( array $lease ): array {
		return array(
			'another epoch' => array( array( 'x-aidoc-lease' => ( $lease['epoch'] + 1 ) . ":{$lease['lease_token']}" ), 409, 'aidoc_lease_lost' ),
			'another token' => array( array( 'x-aidoc-lease' => "{$lease['epoch']}:AAAAAAAAAAAAAAAAAAAAAA" ), 409, 'aidoc_lease_lost' ),
			'no lease'      => array( array( 'x-aidoc-lease' => 'x' ), 400, 'aidoc_invalid_field' ),
			'no such range' => array( array( 'range' => 'bytes=99-' ), 416, 'aidoc_range_not_satisfiable' ),
		);
	}

	public function test_a_file_that_is_gone_is_the_sites_word(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		unlink( (string) get_attached_file( $id ) );
		$header = array( 'X-Aidoc-Lease' => "{$lease['epoch']}:{$lease['lease_token']}", 'Content-Type' => null );
		self::assertAnswer( self::RESPONSE, 404, 'aidoc_file_missing', Wire::send( $agent, $agent->request( 'GET', "/aidoc/v1/jobs/{$lease['job_id']}/file", null, $header ) ) );
	}
}
