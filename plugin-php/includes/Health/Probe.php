<?php
declare( strict_types=1 );

namespace AIDoc\Health;

use AIDoc\Auth\KeyRing;
use AIDoc\Auth\Profile;
use AIDoc\Auth\SharedSecret;
use AIDoc\Auth\Signer;
use AIDoc\Auth\SiteUrl;
use AIDoc\Auth\Tag;
use AIDoc\Clock;
use AIDoc\REST\Agent\AgentRoutes;
use AIDoc\Text;

/**
 * Asks this very site, through its public address, what an agent would ask, and verifies the answer as an agent does. The key is
 * made for this one request, belongs to no agent and opens nothing else.
 */
final class Probe {

	private const ROUTE = AgentRoutes::ECHO;
	private const BODY  = '{}';

	public function __construct(
		private readonly KeyRing $keys,
		private readonly Clock $clock,
	) {}

	/**
	 * @return array{code:string,status:int,detail:string} The code is `intact`; `unreachable` (detail: why); `answer_changed` (detail: the header
	 *                                                     that is missing or does not fit); `foreign` where no answer of ours came (detail: its own code,
	 *                                                     '' for none); otherwise the code of our refusal.
	 */
	public function run(): array {
		list( $key_id, $secret ) = $this->keys->begin_probe();
		try {
			$sent   = $this->headers( $key_id, $secret );
			$answer = Loopback::post( rest_url( ltrim( self::ROUTE, '/' ) ), $sent, self::BODY );
		} finally {
			$this->keys->end_probe( $key_id );
		}
		return is_wp_error( $answer ) ? self::outcome( 'unreachable', 0, $answer->get_error_message() ) : self::judge( $answer, $sent, new SharedSecret( $key_id, $secret ) );
	}

	/** @return array<string,string> */
	private function headers( string $key_id, string $secret ): array {
		$digest = base64_encode( hash( 'sha256', self::BODY, true ) );
		$params = sprintf( '("@method" "x-aidoc-route" "x-aidoc-site" "content-digest");created=%d;nonce="%s";keyid="%s";tag="aidoc-request"', intdiv( $this->clock->wall_ms(), 1000 ), Text::base64url( random_bytes( 16 ) ), $key_id );
		$site   = SiteUrl::canonical();
		$base   = '"@method": POST' . "\n" . '"x-aidoc-route": ' . self::ROUTE . "\n\"x-aidoc-site\": $site\n\"content-digest\": sha-256=:$digest:\n\"@signature-params\": $params";
		return array(
			'Content-Type'    => 'application/json',
			'X-Aidoc-Route'   => self::ROUTE,
			'X-Aidoc-Site'    => $site,
			'Content-Digest'  => "sha-256=:$digest:",
			'Signature-Input' => "aidoc=$params",
			'Signature'       => 'aidoc=:' . Profile::mac( $base, $secret ) . ':',
		);
	}

	/**
	 * @param array<string,mixed>  $answer
	 * @param array<string,string> $sent
	 * @return array{code:string,status:int,detail:string}
	 */
	private static function judge( array $answer, array $sent, SharedSecret $key ): array {
		$status = (int) wp_remote_retrieve_response_code( $answer );
		$body   = json_decode( wp_remote_retrieve_body( $answer ), true );
		if ( 200 === $status && isset( $body['probe'] ) ) {
			return self::outcome( ...self::compared( $answer, $status, $sent, $key ) );
		}
		$code = is_array( $body ) && is_string( $body['code'] ?? null ) ? $body['code'] : '';
		return str_starts_with( $code, 'aidoc_' ) ? self::outcome( $code, $status ) : self::outcome( 'foreign', $status, $code );
	}

	/**
	 * Makes the signature once more, over what has arrived.
	 *
	 * @param array<string,string> $sent
	 * @return array{0:string,1:int,2:string}
	 */
	private static function compared( array $answer, int $status, array $sent, SharedSecret $key ): array {
		$digest  = base64_encode( hash( 'sha256', wp_remote_retrieve_body( $answer ), true ) );
		$input   = (string) wp_remote_retrieve_header( $answer, 'signature-input' );
		$created = preg_match( '/;created=(\d{1,12});/', $input, $part ) ? (int) $part[1] : 0;
		preg_match( '/^aidoc=:(.+):$/D', $sent['Signature'], $signature );
		$expected = ( new Signer( $key, $signature[1], Tag::Response ) )->headers( $status, $digest, $created );
		foreach ( $expected as $name => $value ) {
			if ( wp_remote_retrieve_header( $answer, strtolower( $name ) ) !== $value ) {
				return array( 'answer_changed', $status, $name );
			}
		}
		return array( 'intact', $status, '' );
	}

	/** @return array{code:string,status:int,detail:string} */
	private static function outcome( string $code, int $status, string $detail = '' ): array {
		return array(
			'code'   => $code,
			'status' => $status,
			'detail' => $detail,
		);
	}
}
