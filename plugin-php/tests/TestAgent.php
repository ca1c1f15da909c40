<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Agents\Agent;

/** The client's half of the protocol, written apart from the plugin's classes so that both cannot be wrong together. */
final class TestAgent {

	public function __construct(
		public readonly Agent $agent,
		public string $keyId,
		public string $secret,
	) {}

	public const INFO = array( 'version' => '1.0.0', 'host' => 'scan-1', 'os' => 'linux', 'arch' => 'amd64', 'slots' => 4 );

	/**
	 * @param array<string,mixed>|string|null $body  An array becomes JSON.
	 * @param array<string,string|null>       $other Headers to add, replace or (null) leave out.
	 */
	public function request( string $method, string $route, array|string|null $body = null, array $other = array(), ?int $created = null ): \WP_REST_Request {
		$text    = is_array( $body ) ? ( $body ? (string) wp_json_encode( $body ) : '{}' ) : (string) $body;
		$nonce   = rtrim( strtr( base64_encode( random_bytes( 16 ) ), '+/', '-_' ), '=' );
		$created = $created ?? intdiv( FakeClock::get()->wall_ms(), 1000 );
		$digest  = 'sha-256=:' . base64_encode( hash( 'sha256', $text, true ) ) . ':';
		$site    = rtrim( get_option( 'home' ), '/' );
		$params  = '("@method" "x-aidoc-route" "x-aidoc-site" "content-digest");created=' . $created . ';nonce="' . $nonce . '";keyid="' . $this->keyId . '";tag="aidoc-request"';
		$base    = "\"@method\": $method\n\"x-aidoc-route\": $route\n\"x-aidoc-site\": $site\n\"content-digest\": $digest\n\"@signature-params\": $params";
		$headers = array_merge(
			array(
				'Content-Type'    => 'application/json',
				'X-Aidoc-Route'   => $route,
				'X-Aidoc-Site'    => $site,
				'Content-Digest'  => $digest,
				'Signature-Input' => "aidoc=$params",
				'Signature'       => 'aidoc=:' . base64_encode( $this->sign( $base ) ) . ':',
			),
			$other
		);
		$request = new \WP_REST_Request( $method, $route );
		$request->set_body( $text );
		foreach ( array_filter( $headers, 'is_string' ) as $name => $value ) {
			$request->set_header( $name, $value );
		}
		return $request;
	}

	/** The name of the key tells the algorithm; of `ae_` the secret is sodium's private key. */
	private function sign( string $base ): string {
		return str_starts_with( $this->keyId, 'ae_' ) ? sodium_crypto_sign_detached( $base, $this->secret ) : hash_hmac( 'sha256', $base, $this->secret, true );
	}

	public function send( string $method, string $route, array|string|null $body = null, array $other = array() ): \WP_REST_Response {
		return self::dispatch( $this->request( $method, $route, $body, $other ) );
	}

	/** As WordPress serves it: the request line's method is in $_SERVER, errors become answers. */
	public static function dispatch( \WP_REST_Request $request, ?string $line = null ): \WP_REST_Response {
		$_SERVER['REQUEST_METHOD'] = $line ?? $request->get_method();
		$result                    = rest_get_server()->dispatch( $request );
		return is_wp_error( $result ) ? rest_convert_error_to_response( $result ) : rest_ensure_response( $result );
	}

	/** @return array<string,mixed> */
	public static function lease_body( int $slots = 1, array $mimes = array( '*/*' ), int $max_bytes = 1_000_000_000, ?string $request_id = null ): array {
		return array(
			'request_id'   => $request_id ?? wp_generate_uuid4(),
			'free_slots'   => $slots,
			'capabilities' => array( 'mimes' => $mimes, 'ocr_languages' => array( 'eng' ), 'max_bytes' => $max_bytes ),
			'agent'        => self::INFO,
		);
	}

	/** @return list<array<string,mixed>> */
	public function lease( int $slots = 1, array $mimes = array( '*/*' ), ?string $request_id = null ): array {
		return $this->send( 'POST', '/aidoc/v1/lease', self::lease_body( $slots, $mimes, 1_000_000_000, $request_id ) )->get_data()['leases'];
	}

	/** @return array{job_id:int,epoch:int,lease_token:string} */
	public static function ref( array $lease ): array {
		return array_intersect_key( $lease, array( 'job_id' => 1, 'epoch' => 1, 'lease_token' => 1 ) );
	}

	/** @return array<string,mixed> A full result as the agent program sends it. */
	public static function result_body( array $lease, array $other = array() ): array {
		return array_merge(
			self::ref( $lease ),
			array(
				'result_id'        => wp_generate_uuid4(),
				'attachment_id'    => $lease['attachment_id'],
				'source_sha256'    => $lease['sha256'],
				'title'            => 'Minutes of the board',
				'summary_markdown' => "All agreed.\n\n- one\n- two",
				'language'         => 'en',
				'word_count'       => 812,
				'pages'            => 12,
				'pages_ocr'        => 3,
				'pages_failed'     => array( 7 ),
				'confidence'       => 0.93,
				'chunks'           => 3,
				'processing_ms'    => 5300,
				'provider'         => 'extractive',
				'model'            => 'none',
				'prompt_version'   => 'v1',
				'tokens_in'        => 1000,
				'tokens_out'       => 200,
				'cost_usd'         => 0.0123,
				's3_text_key'      => 'processed/' . $lease['job_id'] . '/text.txt',
				'artifacts'        => array( 'text' => 'a', 'pages' => 'b', 'summary' => 'c' ),
				'agent'            => 'whatever it says',
				'agent_version'    => '1.0.0',
			),
			$other
		);
	}

	public function result( array $lease, array $other = array() ): \WP_REST_Response {
		return $this->send( 'POST', '/aidoc/v1/result', self::result_body( $lease, $other ) );
	}
}
