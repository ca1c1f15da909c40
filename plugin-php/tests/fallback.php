<?php
/**
 * Ed25519 as it is without ext-sodium, on the PHP that WordPress ships: reads cases from standard input (JSON, list of
 * [message, signature, public key] and of public keys, all base64), writes what it says of them, and how long it took.
 *
 * @package AIDoc
 */

declare( strict_types=1 );

namespace AIDoc\Auth {
	require $argv[1] . '/wp-includes/sodium_compat/autoload.php';
	require dirname( __DIR__ ) . '/includes/Auth/Ed25519.php';

	// These stand in front of the extension's functions of the same names for the class in this namespace.
	function sodium_crypto_sign_detached( string $message, string $secret ): string {
		return \ParagonIE_Sodium_Crypto::sign_detached( $message, $secret );
	}
	function sodium_crypto_sign_verify_detached( string $signature, string $message, string $public_key ): bool {
		return \ParagonIE_Sodium_Crypto::sign_verify_detached( $signature, $message, $public_key );
	}
	function sodium_crypto_sign_ed25519_pk_to_curve25519( string $public_key ): string {
		return \ParagonIE_Sodium_Core_Ed25519::pk_to_curve25519( $public_key );
	}
}

namespace {
	use AIDoc\Auth\Ed25519;

	$bytes = static fn( string $text ): string => (string) base64_decode( $text );
	$cases = json_decode( (string) stream_get_contents( STDIN ), true );
	$start = hrtime( true );
	Ed25519::verifies( ...array_map( $bytes, $cases['signatures'][0] ) );
	$one   = ( hrtime( true ) - $start ) / 1e6;
	$said  = array_map( static fn( array $given ): bool => Ed25519::verifies( ...array_map( $bytes, $given ) ), $cases['signatures'] );
	$keys  = array_map( static fn( string $key ): bool => Ed25519::is_public_key( $bytes( $key ) ), $cases['keys'] );
	$start = hrtime( true );
	$mac   = base64_encode( Ed25519::sign( $bytes( $cases['sign'][0] ), $bytes( $cases['sign'][1] ) ) );
	echo json_encode( array( 'signatures' => $said, 'keys' => $keys, 'signed' => $mac, 'verify_ms' => $one, 'sign_ms' => ( hrtime( true ) - $start ) / 1e6 ) );
}
