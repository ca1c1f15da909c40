<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/**
 * Encrypts secrets at rest, so that a copy of the database alone (a backup, an export, an SQL injection elsewhere)
 * is no key to the queue. The name of a secret goes into its key: a sealed text moved to another row does not open.
 * A sealed text names its root, so that a site whose root was replaced knows what to open with the older one.
 */
final class KeyStore {

	private const INFO    = 'aidoc-keystore-v1/';
	private const VERSION = 'k2';

	public function __construct( private readonly RootKeys $roots ) {}

	/** Why nothing can be sealed here, or null where it can. */
	public function problem(): ?string {
		return $this->roots->problem();
	}

	/** @throws NoRootKey Where the site has none. */
	public function seal( string $name, #[\SensitiveParameter] string $secret ): string {
		$root  = $this->roots->current() ?? throw new NoRootKey( 'no root key' );
		$nonce = random_bytes( SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		$box   = sodium_crypto_secretbox( $secret, $nonce, $root->derive( self::INFO . $name ) );
		return self::VERSION . ".{$root->id}." . base64_encode( $nonce . $box );
	}

	/** @return string|null Null when the text was sealed under a root that is gone, or altered. */
	public function open( string $name, string $sealed ): ?string {
		list( $id, $text ) = self::parts( $sealed );
		$raw               = base64_decode( $text, true );
		if ( false === $raw || strlen( $raw ) < SODIUM_CRYPTO_SECRETBOX_NONCEBYTES + SODIUM_CRYPTO_SECRETBOX_MACBYTES ) {
			return null;
		}
		foreach ( $this->roots->known() as $root ) {
			if ( '' !== $id && $root->id !== $id ) {
				continue;
			}
			$secret = sodium_crypto_secretbox_open( substr( $raw, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ), substr( $raw, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ), $root->derive( self::INFO . $name ) );
			if ( false !== $secret ) {
				return $secret;
			}
		}
		return null;
	}

	/** Whether the text should be sealed anew: another root has taken over since. */
	public function is_outdated( string $sealed ): bool {
		$root = $this->roots->current();
		return null !== $root && self::parts( $sealed )[0] !== $root->id;
	}

	/** @return string|null The same secret under the present root; null where that is so already, or cannot be done. */
	public function reseal( string $name, string $sealed ): ?string {
		$secret = $this->is_outdated( $sealed ) ? $this->open( $name, $sealed ) : null;
		return null === $secret ? null : $this->seal( $name, $secret );
	}

	/** @return array{0:string,1:string} The root's id, '' in the texts of older versions, and the ciphertext. */
	private static function parts( string $sealed ): array {
		$parts = explode( '.', $sealed );
		return 3 === count( $parts ) && self::VERSION === $parts[0] ? array( $parts[1], $parts[2] ) : array( '', $sealed );
	}
}
