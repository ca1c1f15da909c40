<?php
declare( strict_types=1 );

namespace AIDoc\REST;

use AIDoc\Plugin;

/**
 * Sends every answer to an agent: core sends its headers before it encodes the body, so whoever signs a body has to
 * own it.
 */
final class Answers {

	private const CACHE_CONTROL = 'no-store, private';

	public function __construct( private readonly Plugin $plugin ) {}

	public function register(): void {
		add_filter( 'rest_send_nocache_headers', array( $this, 'keep_our_cache_control' ), PHP_INT_MAX );
		add_filter( 'rest_pre_serve_request', array( $this, 'send' ), 9999, 4 );
	}

	/**
	 * @param bool $send
	 * @return bool
	 */
	public function keep_our_cache_control( $send ) {
		return AgentRoutes::is_ours( untrailingslashit( (string) ( $GLOBALS['wp']->query_vars['rest_route'] ?? '' ) ) ) ? false : $send;
	}

	/**
	 * @param bool              $served
	 * @param \WP_HTTP_Response $result
	 * @param \WP_REST_Request  $request
	 * @param \WP_REST_Server   $server
	 * @return bool
	 */
	public function send( $served, $result, $request, $server ) {
		if ( $served || ! AgentRoutes::is_ours( $request->get_route() ) ) {
			return $served;
		}
		$this->own_the_output();
		// Old cores send theirs after this filter when a method override was refused.
		add_filter( 'nocache_headers', static fn() => array( 'Cache-Control' => self::CACHE_CONTROL ), PHP_INT_MAX );
		$file = $result instanceof FileAnswer ? $result : null;
		$body = $file ? '' : (string) wp_json_encode( $server->response_to_data( $result, false ), JSON_UNESCAPED_SLASHES );
		foreach ( $this->headers( $result->get_status(), $file ? $file->digest : base64_encode( hash( 'sha256', $body, true ) ), $request ) as $name => $value ) {
			$server->send_header( $name, $value );
		}
		if ( 'HEAD' === ( $_SERVER['REQUEST_METHOD'] ?? '' ) ) {
			return true;
		}
		if ( $file ) {
			$file->stream();
		} else {
			$server->send_header( 'Content-Length', (string) strlen( $body ) );
			echo $body; // phpcs:ignore WordPress.Security.EscapeOutput
		}
		return true;
	}

	/** @return array<string,string> */
	public function headers( int $status, string $digest, \WP_REST_Request $request ): array {
		$signer = $this->plugin->principals()->signer( $request );
		$signed = $signer ? $signer->headers( $status, $digest, intdiv( $this->plugin->clock()->wall_ms(), 1000 ) ) : array();
		return array( 'Cache-Control' => self::CACHE_CONTROL ) + $signed;
	}

	/** No stray notice before the body, no buffer that holds a whole document, no compression behind the digest's back. */
	private function own_the_output(): void {
		while ( ob_get_level() > 0 && @ob_end_clean() ) { // phpcs:ignore WordPress.PHP.NoSilencedErrors
			continue;
		}
		@ini_set( 'zlib.output_compression', '0' ); // phpcs:ignore WordPress.PHP
		if ( function_exists( 'set_time_limit' ) ) {
			@set_time_limit( 0 ); // phpcs:ignore WordPress.PHP
		}
	}
}
