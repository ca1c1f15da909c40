<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\REST\Agent\LeanStart;

/** What a request of an agent goes without, and what not: it goes over the network to the web server of this site, where a must-use plugin tells. */
final class LeanStartTest extends TestCase {

	private const ALL = array(
		'blocks'   => true,
		'style'    => true,
		'patterns' => true,
		'widgets'  => true,
		'routes'   => true,
		'items'    => true,
		'others'   => true,
	);

	/** What another plugin registers, and what of all there is when an answer, or a page, is about to be sent. */
	private const OTHER = <<<'PHP'
		add_action( 'init', fn() => register_block_type( 'other/block' ) );
		add_action( 'widgets_init', fn() => register_widget( new WP_Widget( 'other', 'Other' ) ) );
		add_action( 'rest_api_init', fn() => register_rest_route( 'other/v1', '/a', array( 'callback' => fn() => 1, 'permission_callback' => '__return_true' ) ) );
		function other_tells( $through = null ) {
			$routes = did_action( 'rest_api_init' ) ? rest_get_server()->get_routes() : array( '/wp/v2/posts' => 1, '/aidoc/v1/items' => 1, '/other/v1/a' => 1 );
			$block  = WP_Block_Type_Registry::get_instance();
			header( 'X-Ready: ' . json_encode( array(
				'blocks'   => $block->is_registered( 'core/paragraph' ),
				'style'    => function_exists( 'register_core_block_style_handles' ) ? wp_style_is( 'wp-block-image', 'registered' ) : $block->is_registered( 'core/paragraph' ),
				'patterns' => array() !== array_filter( WP_Block_Patterns_Registry::get_instance()->get_all_registered(), fn( $one ) => str_starts_with( $one['name'], get_stylesheet() . '/' ) ),
				'widgets'  => isset( $GLOBALS['wp_widget_factory']->widgets['WP_Widget_Text'] ),
				'routes'   => isset( $routes['/wp/v2/posts'] ),
				'items'    => isset( $routes['/aidoc/v1/items'] ),
				'others'   => isset( $routes['/other/v1/a'] ) && $block->is_registered( 'other/block' ) && 'other' === ( array_values( array_filter( $GLOBALS['wp_widget_factory']->widgets, fn( $one ) => 'other' === $one->id_base ) )[0]->id_base ?? '' ),
			) ) );
			return $through;
		}
		add_filter( 'rest_pre_serve_request', 'other_tells', 1 );
		add_action( 'template_redirect', 'other_tells' );
		PHP;

	/** @var string[] */
	private array $files = array();

	protected function setUp(): void {
		parent::setUp();
		$this->must_use( self::OTHER );
	}

	protected function tearDown(): void {
		array_map( 'unlink', $this->files );
		delete_option( LeanStart::OPTION );
		parent::tearDown();
	}

	private function must_use( string $php ): void {
		wp_mkdir_p( WPMU_PLUGIN_DIR );
		$this->files[] = $file = WPMU_PLUGIN_DIR . '/aidoc-test-' . bin2hex( random_bytes( 6 ) ) . '.php';
		file_put_contents( $file, "<?php\n" . $php );
	}

	/** @return array<string,bool> */
	private function ready( string $path, array $args = array() ): array {
		$answer = wp_remote_request( untrailingslashit( home_url() ) . $path, $args + array( 'timeout' => 30 ) );
		self::assertIsArray( $answer, is_wp_error( $answer ) ? $answer->get_error_message() : '' );
		$ready = json_decode( (string) wp_remote_retrieve_header( $answer, 'x-ready' ), true );
		self::assertIsArray( $ready, wp_remote_retrieve_body( $answer ) );
		return $ready;
	}

	/** What only pages and editors need; WordPress before 6.3 has no handles of its own. */
	private static function without( string ...$names ): array {
		return array_fill_keys( $names, false ) + self::ALL;
	}

	/** @dataProvider addresses */
	public function test_an_agents_request_goes_without_what_pages_need( string $path ): void {
		self::assertEquals( self::without( 'blocks', 'style', 'patterns', 'widgets', 'routes', 'items' ), $this->ready( $path ) );
	}

	public static function addresses(): array {
		return array(
			'lease'           => array( '/wp-json/aidoc/v1/lease' ),
			'file'            => array( '/wp-json/aidoc/v1/jobs/7/file' ),
			'with a slash'    => array( '/wp-json/aidoc/v1/beat/' ),
			'by index.php'    => array( '/index.php/wp-json/aidoc/v1/echo' ),
			'plain'           => array( '/?rest_route=/aidoc/v1/lease' ),
			'percent-encoded' => array( '/index.php?rest_route=%2Faidoc%2Fv1%2Flease' ),
		);
	}

	/** A result makes a post: plugins may render it. */
	public function test_results_have_blocks(): void {
		foreach ( array( 'result', 'results' ) as $route ) {
			self::assertEquals( self::without( 'patterns', 'widgets', 'routes', 'items' ), $this->ready( "/wp-json/aidoc/v1/$route", array( 'method' => 'POST' ) ) );
		}
	}

	/** WordPress takes a field of a form before the path. */
	public function test_a_form_that_names_another_route_has_all(): void {
		foreach ( array( '/wp/v2/types', '' ) as $route ) {
			self::assertEquals( self::ALL, $this->ready( '/wp-json/aidoc/v1/lease', array( 'method' => 'POST', 'body' => array( 'rest_route' => $route ) ) ) );
		}
	}

	/** @dataProvider strangers */
	public function test_every_other_request_has_all( string $path ): void {
		self::assertEquals( self::ALL, $this->ready( $path ) );
	}

	public static function strangers(): array {
		return array(
			'a page'                    => array( '/' ),
			'a page that names a route' => array( '/?a=/wp-json/aidoc/v1/lease' ),
			'a missing page'            => array( '/other/aidoc/v1/lease' ),
			'another route'             => array( '/wp-json/wp/v2/types' ),
			'a route of people'         => array( '/wp-json/aidoc/v1/items' ),
			'the route that counts'     => array( '/wp-json/aidoc/v1/lease?rest_route=/wp/v2/types' ),
		);
	}

	public function test_a_site_can_have_all_of_it(): void {
		$this->must_use( "add_filter( 'aidoc_lean_agent_requests', fn( \$lean, \$route ) => '/aidoc/v1/lease' !== \$route, 10, 2 );" );
		self::assertEquals( self::ALL, $this->ready( '/wp-json/aidoc/v1/lease' ) );
		self::assertFalse( $this->ready( '/wp-json/aidoc/v1/beat' )['routes'] );
	}

	public function test_where_a_plugin_breaks_for_want_of_a_block_all_is_there_for_a_day(): void {
		$this->must_use( "add_action( 'init', function () { WP_Block_Type_Registry::get_instance()->get_registered( 'core/paragraph' )->style = 'other'; }, 50 );" );
		$answer = wp_remote_get( home_url( '/?rest_route=/aidoc/v1/lease' ), array( 'timeout' => 30 ) );
		self::assertSame( 500, wp_remote_retrieve_response_code( $answer ) );
		self::assertEquals( self::ALL, $this->ready( '/?rest_route=/aidoc/v1/lease' ) );
		update_option( LeanStart::OPTION, time() - 1, true );
		wp_remote_get( home_url( '/?rest_route=/aidoc/v1/lease' ), array( 'timeout' => 30 ) );
		wp_cache_flush();
		self::assertGreaterThan( time() + DAY_IN_SECONDS - 60, get_option( LeanStart::OPTION ) );
	}

	public function test_a_plugin_that_asks_for_a_route_of_wordpress_gets_it(): void {
		$this->must_use( "add_action( 'aidoc_agent_request', fn() => header( 'X-Inner: ' . rest_do_request( '/wp/v2/types' )->get_status() . rest_do_request( '/wp/v2/types' )->get_status() ) );" );
		$request = $this->agent()->request( 'POST', '/aidoc/v1/echo', array() );
		$headers = array_map( static fn( array $values ): string => $values[0], $request->get_headers() );
		$answer  = wp_remote_post( rest_url( 'aidoc/v1/echo' ), array( 'headers' => array_combine( str_replace( '_', '-', array_keys( $headers ) ), $headers ), 'body' => $request->get_body() ) );
		self::assertSame( 200, wp_remote_retrieve_response_code( $answer ), wp_remote_retrieve_body( $answer ) );
		self::assertSame( '200200', wp_remote_retrieve_header( $answer, 'x-inner' ) );
		self::assertEquals( self::without( 'blocks', 'style', 'patterns', 'widgets' ), json_decode( wp_remote_retrieve_header( $answer, 'x-ready' ), true ) );
	}
}
