<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

/** One request to the site under test over HTTP, and its answer as an agent sees it. */
final class Wire {

	private function __construct(
		public readonly int $status,
		public readonly array $headers,
		public readonly string $body,
		/** The tag of a signature that fits this very request and answer; "" where there is none. */
		public readonly string $tag,
	) {}

	/**
	 * @param \WP_REST_Request     $signed Made by TestAgent::request(); null sends no signature.
	 * @param array<string,string> $query  What somebody on the way appends.
	 * @param array<string,mixed>  $change For wp_remote_request(): what somebody on the way changes.
	 */
	public static function send( TestAgent $agent, \WP_REST_Request $signed, array $query = array(), array $change = array() ): self {
		$headers = array_map( static fn( $values ) => implode( ', ', $values ), $signed->get_headers() );
		$names   = array_map( static fn( $name ) => str_replace( '_', '-', $name ), array_keys( $headers ) );
		$args    = array_replace_recursive(
			array(
				'method'  => $signed->get_method(),
				'timeout' => 30,
				'headers' => array_combine( $names, $headers ),
			),
			array( 'body' => 'GET' === $signed->get_method() ? null : $signed->get_body() ),
			$change
		);
		$answer  = wp_remote_request( add_query_arg( $query, rest_url( $signed->get_route() ) ), $args );
		if ( is_wp_error( $answer ) ) {
			throw new \RuntimeException( $answer->get_error_message() );
		}
		$all = wp_remote_retrieve_headers( $answer )->getAll();
		return new self( $answer['response']['code'], $all, $answer['body'], self::tag( $agent, $signed, $answer['response']['code'], $all, $answer['body'] ) );
	}

	/** @return mixed */
	public function data() {
		return json_decode( $this->body, true );
	}

	private static function tag( TestAgent $agent, \WP_REST_Request $signed, int $status, array $headers, string $body ): string {
		$digest = 'sha-256=:' . base64_encode( hash( 'sha256', $body, true ) ) . ':';
		$params = substr( $headers['signature-input'] ?? '', strlen( 'aidoc=' ) );
		$mac    = substr( (string) $signed->get_header( 'Signature' ), strlen( 'aidoc=' ) );
		$base   = "\"@status\": $status\n\"content-digest\": $digest\n\"signature\";req;key=\"aidoc\": $mac\n\"@signature-params\": $params";
		$fits   = ( $headers['content-digest'] ?? '' ) === $digest
			&& ( $headers['signature'] ?? '' ) === 'aidoc=:' . base64_encode( hash_hmac( 'sha256', $base, $agent->secret, true ) ) . ':';
		return $fits && preg_match( '/;tag="([^"]+)"$/D', $params, $part ) ? $part[1] : '';
	}
}
