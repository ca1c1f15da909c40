<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

use AIDoc\Clock;
use AIDoc\Settings;
use AIDoc\Text;

/** Verifies the legacy callback, signed with one shared secret; see docs/protocol.md, section 3, Compatibility. */
final class LegacyVerifier {

	public function __construct(
		private readonly Settings $settings,
		private readonly Nonces $nonces,
		private readonly RefusalLog $refusals,
		private readonly Clock $clock,
	) {}

	public function verify( \WP_REST_Request $request, ?\WP_Error $objection ): Principal|\WP_Error {
		if ( $objection ) {
			return $objection;
		}
		$checked = $this->check( $request );
		if ( is_wp_error( $checked ) ) {
			$this->refusals->add( (string) $checked->get_error_code(), 'legacy', 0, 'legacy callback' );
		}
		return $checked;
	}

	private function check( \WP_REST_Request $request ): Principal|\WP_Error {
		$secret = $this->settings->get( 'legacy_enabled' ) ? $this->settings->legacy_secret() : null;
		if ( null === $secret ) {
			return Refusal::of( 'aidoc_signature_missing' ); // Switched off: as if this path did not exist.
		}
		$timestamp = (string) $request->get_header( 'X-AI-Timestamp' );
		$now_ms    = $this->clock->wall_ms();
		if ( ! preg_match( '/^[0-9]{1,11}$/D', $timestamp ) || abs( intdiv( $now_ms, 1000 ) - (int) $timestamp ) > Verifier::SKEW_S ) {
			return Refusal::of( 'aidoc_clock_skew', array( 'server_now_ms' => $now_ms ) );
		}
		$body = (string) $request->get_body();
		if ( ! hash_equals( Profile::mac( $body, $secret ), (string) $request->get_header( 'X-AI-Signature' ) ) ) {
			return Refusal::of( 'aidoc_signature_invalid' );
		}
		$json = Gate::json( $request );
		if ( is_wp_error( $json ) ) {
			return $json;
		}
		return $this->nonces->remember( Nonces::LEGACY, self::digest( $body ) )
			? new Principal( null, 0, $json, true )
			: Refusal::of( 'aidoc_replayed' );
	}

	/** For a body that failed through this site's own fault: it may come again. */
	public static function forget( Nonces $nonces, string $body ): void {
		$nonces->forget( Nonces::LEGACY, self::digest( $body ) );
	}

	private static function digest( string $body ): string {
		return Text::base64url( hash( 'sha256', $body, true ) );
	}
}
