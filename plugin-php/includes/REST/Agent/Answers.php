<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Auth\Gate;
use AIDoc\Auth\Principals;
use AIDoc\Auth\Signer;
use AIDoc\Clock;

/**
 * Sends every answer to an agent, and signs those that the plugin itself made. Core sends its headers before it encodes
 * the body, so code that signs a body has to send it, too.
 */
final class Answers {

	private const CACHE_CONTROL = 'no-store, private';

	/** @var \WeakMap<\WP_REST_Request,Answer> */
	private \WeakMap $made;

	public function __construct(
		private readonly Principals $principals,
		private readonly Clock $clock,
	) {
		$this->made = new \WeakMap();
	}

	/** Called when plugins are loaded: what plugins and themes print from then on would come before the headers; see own_the_output(). */
	public static function hold_output(): void {
		ob_start();
	}

	public function register(): void {
		add_filter( 'rest_send_nocache_headers', array( $this, 'keep_our_cache_control' ), PHP_INT_MAX );
		add_filter( 'rest_pre_serve_request', array( $this, 'send' ), 9999, 4 );
	}

	/** From here on this is the answer to the request, whatever filters make of the response. */
	public function made( \WP_REST_Request $request, \WP_REST_Response $response ): \WP_REST_Response {
		$this->made[ $request ] = Answer::of( $response );
		return $response;
	}

	/** Before a request is verified: what an earlier pass left must not count. */
	public function reset( \WP_REST_Request $request ): void {
		unset( $this->made[ $request ] );
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
	 * @param \WP_HTTP_Response $result  As other plugins and core's envelope left it.
	 * @param \WP_REST_Request  $request
	 * @param \WP_REST_Server   $server
	 * @return bool
	 */
	public function send( $served, $result, $request, $server ) {
		if ( $served || ! AgentRoutes::is_ours( $request->get_route() ) ) {
			return $served;
		}
		$own    = $this->made[ $request ] ?? null;
		$answer = $own ?? Answer::of( new \WP_REST_Response( $server->response_to_data( rest_ensure_response( $result ), false ), $result->get_status() ) );
		$clean  = $this->own_the_output();
		add_filter( 'nocache_headers', static fn() => array( 'Cache-Control' => self::CACHE_CONTROL ), PHP_INT_MAX );
		status_header( $answer->status );
		foreach ( $this->headers( $answer, $own ? $this->principals->signer( $request ) : null, $clean ) as $name => $value ) {
			$server->send_header( $name, $value );
		}
		if ( 'HEAD' === Gate::method() ) {
			return true;
		}
		if ( $answer->file ) {
			$answer->file->stream();
		} else {
			ob_start(); // Old cores send headers of theirs after this filter when a method override was refused.
			echo $answer->body; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- JSON with its own Content-Type; escaping would break its signed digest.
		}
		return true;
	}

	/**
	 * @param Signer|null $signer Null where the answer is not the plugin's own, or the key is not known.
	 * @param bool        $clean  Nothing else comes before the body.
	 * @return array<string,string>
	 */
	private function headers( Answer $answer, ?Signer $signer, bool $clean ): array {
		$headers = array( 'Cache-Control' => self::CACHE_CONTROL ) + $answer->headers;
		if ( $clean && ! $answer->file ) {
			$headers['Content-Length'] = (string) strlen( $answer->body );
		}
		return $headers + ( $signer ? $signer->headers( $answer->status, $answer->digest(), intdiv( $this->clock->wall_ms(), 1000 ) ) : array() );
	}

	/**
	 * No stray notice before the body, no buffer that holds a whole document, no compression that the digest does not cover.
	 *
	 * @return bool False where something was printed that cannot be taken back.
	 */
	private function own_the_output(): bool {
		while ( ob_get_level() > 0 && @ob_end_clean() ) { // phpcs:ignore WordPress.PHP.NoSilencedErrors.Discouraged -- a buffer that may not be removed says so by a notice, which would be output itself.
			continue;
		}
		@ini_set( 'zlib.output_compression', '0' ); // phpcs:ignore WordPress.PHP.NoSilencedErrors.Discouraged, WordPress.PHP.IniSet.Risky, Squiz.PHP.DiscouragedFunctions.Discouraged -- a compressed body would not have the signed digest; hosts may forbid it.
		if ( function_exists( 'set_time_limit' ) ) {
			@set_time_limit( 0 ); // phpcs:ignore WordPress.PHP.NoSilencedErrors.Discouraged, Squiz.PHP.DiscouragedFunctions.Discouraged -- a large document takes its time; hosts may forbid it.
		}
		return 0 === ob_get_level() && ! headers_sent();
	}
}
