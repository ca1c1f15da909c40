<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Auth\Ed25519;
use AIDoc\Auth\KeyRing;
use AIDoc\Auth\Refusal;
use AIDoc\Auth\SiteKeys;
use AIDoc\Settings;

/** What `/join` and `/rotate` share: an agent that offers a public key gets no secret, but the key the site signs with. */
final class KeyIssuer {

	public function __construct(
		private readonly KeyRing $keys,
		private readonly SiteKeys $site,
		private readonly Settings $settings,
	) {}

	public static function public_key_field(): Field {
		return Field::text( 44, '/^[A-Za-z0-9+\/]{42}[AEIMQUYcgkosw048]=$/D' )->optional();
	}

	/**
	 * @param array<string,mixed> $body
	 * @return string 32 bytes, '' where none was offered.
	 * @throws FieldError Where it is no key that may be an agent's identity.
	 */
	public static function offered( array $body ): string {
		$public_key = (string) base64_decode( $body['public_key'] ?? '' );
		if ( isset( $body['public_key'] ) && ! Ed25519::is_public_key( $public_key ) ) {
			throw new FieldError( 'aidoc_invalid_field', 'public_key' );
		}
		return $public_key;
	}

	/** Why no key can be issued now, before anything has changed. */
	public function refused( string $public_key, bool $has_public_key = false ): ?\WP_Error {
		return match ( true ) {
			null !== $this->keys->problem() => Refusal::of( 'aidoc_root_key_missing' ),
			'' === $public_key && ( $has_public_key || $this->settings->get( 'require_public_keys' ) ) => Refusal::of( 'aidoc_public_key_required' ),
			default => null,
		};
	}

	/** @return array<string,mixed> The part of the answer that hands the key over. */
	public function issued( string $key_id, #[\SensitiveParameter] string $secret ): array {
		return '' === $secret
			? array(
				'key_id'   => $key_id,
				'site_key' => $this->site->current_or_new()->to_wire(),
			)
			: array(
				'key_id' => $key_id,
				'secret' => base64_encode( $secret ),
			);
	}
}
