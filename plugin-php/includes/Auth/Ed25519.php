<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/**
 * RFC 9421, section 3.3.6, on sodium: the extension, or the PHP that WordPress ships in its place, which throws where the
 * extension says no and is less strict in places. What both must refuse is therefore refused here.
 */
final class Ed25519 {

	/** 2^255 - 19 and the order of the base point, least significant byte first. */
	private const P = 'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f';
	private const L = 'edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010';

	/** The y of the points whose multiples are few: under such a key one signature may fit every message. */
	private const SMALL_ORDER = array(
		'0000000000000000000000000000000000000000000000000000000000000000',
		'0100000000000000000000000000000000000000000000000000000000000000',
		'26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
		'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
		'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
	);

	/** @return string A new private key of 64 bytes: the seed, and the public key that belongs to it. */
	public static function generate(): string {
		return sodium_crypto_sign_secretkey( sodium_crypto_sign_keypair() );
	}

	/** The two halves travel and are sealed as one: to sign with a public key that is not the seed's gives the seed away. */
	public static function public_of( #[\SensitiveParameter] string $private_key ): string {
		return substr( $private_key, 32 );
	}

	public static function sign( string $message, #[\SensitiveParameter] string $private_key ): string {
		return sodium_crypto_sign_detached( $message, $private_key );
	}

	public static function verifies( string $message, string $signature, string $public_key ): bool {
		if ( 64 !== strlen( $signature ) || ! self::is_below( substr( $signature, 32 ), self::L ) || ! self::is_sound_point( $public_key ) || ! self::is_sound_point( substr( $signature, 0, 32 ) ) ) {
			return false;
		}
		try {
			return sodium_crypto_sign_verify_detached( $signature, $message, $public_key );
		} catch ( \Exception $error ) { // SodiumException, and RangeException of the fallback.
			return false;
		}
	}

	/** Whether a site may take this for an agent's identity: a point of the curve, in its one spelling, of the large order. */
	public static function is_public_key( string $bytes ): bool {
		if ( ! self::is_sound_point( $bytes ) ) {
			return false;
		}
		try {
			sodium_crypto_sign_ed25519_pk_to_curve25519( $bytes ); // Only for what it refuses: what is no point, and points of mixed order.
			return true;
		} catch ( \Exception $error ) { // SodiumException, and RangeException of the fallback.
			return false;
		}
	}

	/** The spelling of a point and no point of small order; not whether it is on the curve. */
	private static function is_sound_point( string $bytes ): bool {
		if ( 32 !== strlen( $bytes ) ) {
			return false;
		}
		$bytes[31] = chr( ord( $bytes[31] ) & 0x7f ); // The sign of x.
		return self::is_below( $bytes, self::P ) && ! in_array( bin2hex( $bytes ), self::SMALL_ORDER, true );
	}

	/** Compares numbers of 32 bytes, least significant first. */
	private static function is_below( string $bytes, string $limit_hex ): bool {
		return strcmp( bin2hex( strrev( $bytes ) ), bin2hex( strrev( (string) hex2bin( $limit_hex ) ) ) ) < 0;
	}
}
