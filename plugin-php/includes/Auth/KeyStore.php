<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/**
 * Encrypts secrets at rest, so that a copy of the database alone (a backup, an export, an SQL injection elsewhere)
 * is no key to the queue. The name of a secret goes into its key: a sealed text moved to another row does not open.
 */
final class KeyStore {

	private const INFO = 'aidoc-keystore-v1/';

	/** @param string|null $root Key material; default the salts of wp-config.php. */
	public function __construct( private readonly ?string $root = null ) {}

	public function seal( string $name, string $secret ): string {
		$nonce = random_bytes( SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		return base64_encode( $nonce . sodium_crypto_secretbox( $secret, $nonce, $this->key( $name ) ) );
	}

	/** @return string|null Null when the text was sealed under other salts, or altered. */
	public function open( string $name, string $sealed ): ?string {
		$raw = base64_decode( $sealed, true );
		if ( false === $raw || strlen( $raw ) <= SODIUM_CRYPTO_SECRETBOX_NONCEBYTES + SODIUM_CRYPTO_SECRETBOX_MACBYTES - 1 ) {
			return null;
		}
		$nonce  = substr( $raw, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		$secret = sodium_crypto_secretbox_open( substr( $raw, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ), $nonce, $this->key( $name ) );
		return false === $secret ? null : $secret;
	}

	private function key( string $name ): string {
		return hash_hkdf( 'sha256', $this->root ?? wp_salt( 'secure_auth' ), SODIUM_CRYPTO_SECRETBOX_KEYBYTES, self::INFO . $name );
	}
}
