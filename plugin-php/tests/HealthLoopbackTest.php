<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Auth\Profile;
use AIDoc\Database;
use AIDoc\Health\ConnectionCheck;

/**
 * The tests of Site Health that send a request: it goes over the network to the web server of this site. What stands in its way is a
 * must-use plugin there, or what wp_remote_post() is made to see.
 */
final class HealthLoopbackTest extends TestCase {

	/** @var string[] */
	private array $in_the_way = array();

	protected function tearDown(): void {
		array_map( 'unlink', $this->in_the_way );
		remove_all_filters( 'http_response' );
		remove_all_filters( 'pre_http_request' );
		remove_all_filters( 'http_request_args' );
		parent::tearDown();
	}

	private function put_in_the_way( string $php ): void {
		wp_mkdir_p( WPMU_PLUGIN_DIR );
		$file               = WPMU_PLUGIN_DIR . '/aidoc-test-' . bin2hex( random_bytes( 6 ) ) . '.php';
		$this->in_the_way[] = $file;
		file_put_contents( $file, "<?php\n" . $php );
	}

	/** @return array{0:string,1:string} */
	private function found( string $name = 'aidoc_connection' ): array {
		$found = $this->plugin()->site_health()->run( $name );
		return array( $found['status'], $found['label'] . ' ' . html_entity_decode( wp_strip_all_tags( $found['description'] ), ENT_QUOTES ) );
	}

	/** @param callable(array):array $change */
	private function change_answers( callable $change ): void {
		add_filter( 'http_response', $change );
	}

	public function test_all_passes(): void {
		self::assertSame( 'good', $this->found()[0], $this->found()[1] );
		self::assertSame( array( '0' ), array_column( Database::rows( 'SELECT COUNT(*) AS n FROM ' . Database::table( 'keys' ) . " WHERE kind = 'probe'" ), 'n' ), 'The key is gone.' );
		self::assertSame( array(), $this->plugin()->events()->refusals_since( 0 ), 'It is no refusal of an agent.' );
	}

	public function test_the_key_opens_nothing_else_and_not_for_long(): void {
		list( $key_id, $secret ) = $this->plugin()->key_ring()->begin_probe();
		$probe                   = new TestAgent( $this->agent()->agent, $key_id, $secret );
		self::assertSame( array( 'probe' => true ), $probe->send( 'POST', '/aidoc/v1/echo', array() )->get_data() );
		$job = $this->job_of( $this->upload() );
		foreach ( array( 'lease' => TestAgent::lease_body(), 'beat' => array( 'held' => array() ), 'rotate' => array(), 'fail' => array(), 'release' => array(), 'result' => array() ) as $route => $body ) {
			self::assertRefused( 'aidoc_key_revoked', 403, $probe->send( 'POST', "/aidoc/v1/$route", $body ) );
		}
		self::assertRefused( 'aidoc_key_revoked', 403, $probe->send( 'GET', "/aidoc/v1/jobs/{$job->id}/file" ) );
		self::assertSame( 1, $this->plugin()->key_ring()->count_shared(), 'It is none of the keys of agents.' );
		$this->clock()->advance( 61_000 );
		self::assertRefused( 'aidoc_key_revoked', 403, $probe->send( 'POST', '/aidoc/v1/echo', array() ) );
		$this->plugin()->key_ring()->end_probe( $key_id );
		self::assertRefused( 'aidoc_key_unknown', 401, $probe->send( 'POST', '/aidoc/v1/echo', array() ) );
	}

	public function test_a_security_plugin_that_closes_rest_to_visitors_lets_agents_through(): void {
		$this->put_in_the_way( "add_filter( 'rest_authentication_errors', fn( \$e ) => is_user_logged_in() ? \$e : new WP_Error( 'rest_login_required', 'No.', array( 'status' => 401 ) ), 99 );" );
		self::assertSame( 'good', $this->found()[0], $this->found()[1] );
	}

	/** @dataProvider moments */
	public function test_a_security_plugin_that_cannot_be_passed_and_the_line_that_helps( int $at ): void {
		$this->put_in_the_way( "add_filter( 'rest_pre_dispatch', fn( \$e ) => new WP_Error( 'rest_disabled', 'No.', array( 'status' => 403 ) ), $at );" );
		list( $status, $told ) = $this->found();
		self::assertSame( 'critical', $status );
		self::assertStringContainsString( 'rest_disabled, status 403', $told );
		self::assertStringContainsString( ConnectionCheck::LINE, $told );
		$this->put_in_the_way( ConnectionCheck::LINE );
		self::assertSame( 'good', $this->found()[0], $this->found()[1] );
	}

	public static function moments(): array {
		return array( 'first' => array( 1 ), 'usual' => array( 10 ) );
	}

	public function test_a_firewall_that_answers_itself(): void {
		$this->put_in_the_way( "if ( str_contains( \$_SERVER['REQUEST_URI'], 'aidoc/v1' ) ) { http_response_code( 406 ); exit( '<h1>Not Acceptable</h1>' ); }" );
		list( $status, $told ) = $this->found();
		self::assertSame( 'critical', $status );
		self::assertStringContainsString( 'status 406', $told );
	}

	public function test_headers_of_requests_are_stripped(): void {
		$this->put_in_the_way( "unset( \$_SERVER['HTTP_SIGNATURE_INPUT'] );" );
		list( $status, $told ) = $this->found();
		self::assertSame( 'critical', $status );
		self::assertStringContainsString( 'aidoc_signature_missing', $told );
		self::assertStringContainsString( implode( '', preg_grep( '/^X-Aidoc-Site$/', Profile::HEADERS ) ), $told );
	}

	public function test_bodies_of_requests_are_changed(): void {
		add_filter( 'http_request_args', static fn( array $args ): array => array( 'body' => '{"x":1}' ) + $args );
		self::assertStringContainsString( 'aidoc_digest_mismatch', $this->found()[1] );
	}

	public function test_answers_are_changed(): void {
		$this->change_answers( static fn( array $answer ): array => array( 'body' => str_replace( '}', "}\n<!-- cached -->", $answer['body'] ) ) + $answer );
		self::assertSame( 'critical', $this->found()[0] );
	}

	public function test_spaces_in_answers_are_minified(): void {
		$this->change_answers( static fn( array $answer ): array => array( 'body' => ' ' . $answer['body'] ) + $answer );
		self::assertStringContainsString( 'The header Content-Digest is missing or does not fit', $this->found()[1] );
	}

	public function test_headers_of_answers_are_stripped(): void {
		$this->change_answers(
			static function ( array $answer ): array {
				unset( $answer['headers']['signature'] );
				return $answer;
			}
		);
		self::assertStringContainsString( 'The header Signature is missing', $this->found()[1] );
	}

	public function test_a_cache_answers_with_an_earlier_answer(): void {
		$earlier = null;
		add_filter(
			'http_response',
			static function ( array $answer ) use ( &$earlier ): array {
				$earlier ??= $answer;
				return $earlier;
			}
		);
		self::assertSame( 'good', $this->found()[0] );
		self::assertStringContainsString( 'Answers to agents are changed on their way', $this->found()[1] );
	}

	public function test_the_site_cannot_reach_itself(): void {
		add_filter( 'pre_http_request', static fn() => new \WP_Error( 'http_request_failed', 'cURL error 28' ) );
		self::assertSame( 'recommended', $this->found()[0] );
		self::assertStringContainsString( 'cURL error 28', $this->found()[1] );
	}

	public function test_a_list_of_addresses_without_this_server(): void {
		$this->plugin()->settings()->update( array( 'allowed_ips' => array( '198.51.100.0/24' ) ) );
		self::assertStringContainsString( 'only call from listed addresses', $this->found()[1] );
	}

	public function test_the_doorbell_is_heard(): void {
		self::assertSame( 'good', $this->found( 'aidoc_doorbell' )[0], $this->found( 'aidoc_doorbell' )[1] );
		$this->plugin()->settings()->update( array( 'doorbell' => false ) );
		self::assertStringContainsString( 'switched off', $this->found( 'aidoc_doorbell' )[1] );
	}

	public function test_the_doorbell_is_cached(): void {
		$this->change_answers( static fn( array $answer ): array => array( 'body' => "an old one\n" ) + $answer );
		self::assertSame( 'recommended', $this->found( 'aidoc_doorbell' )[0] );
		self::assertStringContainsString( 'Exempt this folder from caching', $this->found( 'aidoc_doorbell' )[1] );
	}

	public function test_an_agent_knows_of_a_cache_that_the_site_does_not_see(): void {
		$agents = $this->plugin()->agents();
		$agent  = $agents->insert( 'far away' );
		$agents->set_state( $agent->id, 'active' );
		$agents->seen( $agent, array(), '' );
		$says = fn( string $state ) => $agents->set_capabilities( $agents->find( $agent->id ), array( 'mimes' => array(), 'max_bytes' => 1, 'local_only' => false, 'ocr_languages' => array(), 'summariser' => '', 'doorbell' => $state, 'doorbell_sign' => 'Cf-Cache-Status: HIT' ) );
		$says( 'works' );
		self::assertSame( 'good', $this->found( 'aidoc_doorbell' )[0] );
		$says( 'around_cache' );
		self::assertSame( 'recommended', $this->found( 'aidoc_doorbell' )[0] );
		self::assertStringContainsString( '“far away”: A cache in front of this site', $this->found( 'aidoc_doorbell' )[1] );
		self::assertStringContainsString( 'Cf-Cache-Status: HIT', $this->found( 'aidoc_doorbell' )[1] );
	}

	public function test_the_doorbell_is_not_given_out(): void {
		$this->change_answers( static fn( array $answer ): array => array( 'response' => array( 'code' => 403 ) ) + $answer );
		self::assertStringContainsString( 'status 403', $this->found( 'aidoc_doorbell' )[1] );
	}

	public function test_the_doorbell_cannot_be_written(): void {
		add_filter( 'upload_dir', $nowhere = static fn( array $dir ): array => array( 'basedir' => '/proc/nowhere' ) + $dir );
		try {
			self::assertStringContainsString( 'cannot be written', $this->found( 'aidoc_doorbell' )[1] );
		} finally {
			remove_filter( 'upload_dir', $nowhere );
		}
	}
}
