<?php
/**
 * A must-use plugin of the attack suite: what other plugins of a real site do, and eyes that the suite has inside WordPress.
 * Each trick waits for a header that only the suite sends.
 */
declare( strict_types=1 );

// A shortcode as any plugin registers them. A document that spells it must never run it.
add_shortcode( 'attack_canary', static fn(): string => 'SHORTCODE-RAN' );

// Every address that WordPress itself would call, for any reason.
add_filter(
	'pre_http_request',
	static function ( $answer, $args, $url ) {
		file_put_contents( WP_CONTENT_DIR . '/http-requests.log', $url . "\n", FILE_APPEND | LOCK_EX );
		return $answer;
	},
	0,
	3
);

// Plugins that put their own answer in the place of a route's.
$trick = (string) ( $_SERVER['HTTP_X_ATTACK'] ?? '' );
if ( 'post-dispatch' === $trick ) {
	add_filter( 'rest_post_dispatch', static fn() => new WP_REST_Response( array( 'swapped' => true ) ), 20 );
}
if ( 'pre-dispatch' === $trick ) {
	add_filter( 'rest_pre_dispatch', static fn() => new WP_REST_Response( array( 'swapped' => true ) ), 20 );
}
if ( 'after-callbacks' === $trick ) {
	add_filter( 'rest_request_after_callbacks', static fn() => new WP_REST_Response( array( 'swapped' => true ) ), 20 );
}
if ( 'authentication' === $trick ) {
	add_filter( 'rest_authentication_errors', static fn() => new WP_Error( 'rest_cannot_access', 'Only for members.', array( 'status' => 401 ) ), PHP_INT_MAX );
}

// A plugin that dispatches requests inside WordPress and hands the caller's headers and body on.
add_action(
	'rest_api_init',
	static function (): void {
		register_rest_route(
			'attacks/v1',
			'/inner',
			array(
				'methods'             => 'POST',
				'permission_callback' => '__return_true',
				'show_in_index'       => false,
				'callback'            => static function ( WP_REST_Request $outer ) {
					$inner = new WP_REST_Request( 'POST', (string) $outer->get_header( 'X-Attack-Inner' ) );
					$inner->set_headers( $outer->get_headers() );
					$inner->set_body( $outer->get_body() );
					return rest_do_request( $inner );
				},
			)
		);
	}
);

// The suite's own door, for what no role may do. The word is made anew for each run.
add_action(
	'rest_api_init',
	static function (): void {
		register_rest_route(
			'attacks/v1',
			'/do/(?P<command>[a-z]+)',
			array(
				'methods'             => 'POST',
				'permission_callback' => static fn( WP_REST_Request $r ) => hash_equals( (string) file_get_contents( __DIR__ . '/attacks/word' ), (string) $r->get_header( 'X-Attack-Word' ) ),
				'show_in_index'       => false,
				'callback'            => static function ( WP_REST_Request $r ) {
					wp_set_current_user( 1 );
					$commands = require __DIR__ . '/attacks/commands.php';
					try {
						return array( 'result' => $commands[ $r['command'] ]( json_decode( (string) $r->get_body(), true, 16, JSON_THROW_ON_ERROR ) ) );
					} catch ( Throwable $error ) {
						return new WP_Error( 'attacks', $error->getMessage(), array( 'status' => 500 ) );
					}
				},
			)
		);
	}
);
