<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/**
 * The one signature profile of docs/protocol.md, section 3. Parsed by exact match and never re-serialised: the raw
 * parameter text goes into the base.
 */
final class Profile {

	public const HEADERS = array( 'X-Aidoc-Route', 'X-Aidoc-Site', 'Content-Digest', 'Signature-Input', 'Signature' );

	private const INPUT   = '/^aidoc=(\("@method" "x-aidoc-route" "x-aidoc-site" "content-digest"\);created=([1-9][0-9]{0,11});nonce="([A-Za-z0-9_-]{22})";keyid="((?:ak|ae|jt)_[0-9a-f]{24})";tag="aidoc-request")$/D';
	private const MAC     = '/^aidoc=:([A-Za-z0-9+\/]{42}[AEIMQUYcgkosw048]=):$/D';
	private const ED25519 = '/^aidoc=:([A-Za-z0-9+\/]{85}[AQgw]==):$/D';
	private const DIGEST  = '/^sha-256=:([A-Za-z0-9+\/]{42}[AEIMQUYcgkosw048]=):$/D';
	private const VISIBLE = '/^[\x21-\x7e]{1,512}$/D';

	private function __construct(
		public readonly string $params,
		public readonly int $created,
		public readonly string $nonce,
		public readonly string $keyId,
		public readonly string $signature,
		public readonly string $digest,
		public readonly string $route,
		public readonly string $site,
	) {}

	/** @param callable(string):?string $header Reads one request header, null where it is missing. */
	public static function parse( callable $header ): self|\WP_Error {
		$input     = $header( 'Signature-Input' );
		$signature = $header( 'Signature' );
		if ( null === $input || null === $signature ) {
			return Refusal::of( 'aidoc_signature_missing' );
		}
		// The name of the key fixes the algorithm, and that the form of the signature: there is nothing to negotiate.
		if ( ! preg_match( self::INPUT, $input, $part ) || ! preg_match( str_starts_with( $part[4], 'ae_' ) ? self::ED25519 : self::MAC, $signature, $bytes ) ) {
			return Refusal::of( 'aidoc_signature_malformed' );
		}
		$route  = (string) $header( 'X-Aidoc-Route' );
		$site   = (string) $header( 'X-Aidoc-Site' );
		$digest = (string) $header( 'Content-Digest' );
		if ( ! preg_match( self::VISIBLE, $route ) || ! preg_match( self::VISIBLE, $site ) || ! preg_match( self::DIGEST, $digest, $sum ) ) {
			return Refusal::of( 'aidoc_signature_malformed' );
		}
		return new self( $part[1], (int) $part[2], $part[3], $part[4], $bytes[1], $sum[1], $route, $site );
	}

	public function base( string $method ): string {
		return implode(
			"\n",
			array(
				'"@method": ' . $method,
				'"x-aidoc-route": ' . $this->route,
				'"x-aidoc-site": ' . $this->site,
				'"content-digest": sha-256=:' . $this->digest . ':',
				'"@signature-params": ' . $this->params,
			)
		);
	}

	public static function mac( string $base, #[\SensitiveParameter] string $secret ): string {
		return base64_encode( hash_hmac( 'sha256', $base, $secret, true ) );
	}
}
