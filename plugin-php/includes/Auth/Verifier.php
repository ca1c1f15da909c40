<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

use AIDoc\Clock;

/** The order of docs/protocol.md, section 3: everything before any state changes. */
final class Verifier {

	public const SKEW_S = 300;

	public function __construct(
		private readonly KeyRing $keys,
		private readonly Nonces $nonces,
		private readonly Principals $principals,
		private readonly Clock $clock,
	) {}

	/**
	 * @param string         $method    Of the request line, never an override.
	 * @param bool           $join      A one-time token is the key of /join and of nothing else.
	 * @param \WP_Error|null $objection Why the request is refused for something that no signature covers; answered, as a refusal, once the key is known.
	 */
	public function verify( \WP_REST_Request $request, string $method, bool $join, ?\WP_Error $objection = null ): KeyRecord|\WP_Error {
		$profile = Profile::parse( static fn( string $name ): ?string => $request->get_header( $name ) );
		if ( is_wp_error( $profile ) ) {
			return $objection ?? $profile;
		}
		$key = $this->keys->find( $profile->keyId );
		if ( ! $key || ( KeyRecord::TOKEN === $key->kind ) !== $join ) {
			return $objection ?? Refusal::of( 'aidoc_key_unknown' );
		}
		$credential = $this->keys->credential( $key );
		if ( ! $credential ) {
			return $objection ?? Refusal::of( 'aidoc_keys_unreadable' );
		}
		$signer = new Signer( $credential, $profile->signature );
		$this->principals->sign_with( $request, $signer );
		$unverified = $objection ?? $this->unverified( $profile, $credential, $request, $method );
		if ( $unverified ) {
			return $unverified;
		}
		$this->principals->sign_with( $request, $signer->tagged( Tag::Response ) );
		return $this->expired_or_revoked( $key ) ?? $this->refused( $profile, $key, $request ) ?? $key;
	}

	/** Whether these are the bytes that the owner of the key signed. Until then nothing is known about who sent them. */
	private function unverified( Profile $profile, Credential $credential, \WP_REST_Request $request, string $method ): ?\WP_Error {
		return match ( true ) {
			! hash_equals( base64_encode( hash( 'sha256', (string) $request->get_body(), true ) ), $profile->digest )
				=> Refusal::of( 'aidoc_digest_mismatch' ),
			! $credential->verifies( $profile->base( $method ), $profile->signature )
				=> Refusal::of( 'aidoc_signature_invalid' ),
			default => null,
		};
	}

	private function expired_or_revoked( KeyRecord $key ): ?\WP_Error {
		$expired = $key->expiresMs > 0 && $key->expiresMs <= $this->clock->now_ms();
		return match ( true ) {
			'used' === $key->state    => Refusal::of( 'aidoc_token_used' ),
			'revoked' === $key->state => Refusal::of( 'aidoc_key_revoked' ),
			$expired                  => Refusal::of( KeyRecord::TOKEN === $key->kind ? 'aidoc_token_expired' : 'aidoc_key_revoked' ),
			default                   => null,
		};
	}

	private function refused( Profile $profile, KeyRecord $key, \WP_REST_Request $request ): ?\WP_Error {
		$now_ms = $this->clock->wall_ms();
		return match ( true ) {
			abs( intdiv( $now_ms, 1000 ) - $profile->created ) > self::SKEW_S
				=> Refusal::of( 'aidoc_clock_skew', array( 'server_now_ms' => $now_ms ) ),
			$profile->route !== $request->get_route()
				=> Refusal::of( 'aidoc_wrong_route' ),
			! SiteUrl::is_this_site( $profile->site )
				=> Refusal::of( 'aidoc_wrong_site', array( 'site' => SiteUrl::canonical() ) ),
			! $this->nonces->remember( $key->keyId, $profile->nonce )
				=> Refusal::of( 'aidoc_replayed' ),
			default => null,
		};
	}
}
