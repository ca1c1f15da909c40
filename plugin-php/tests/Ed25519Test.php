<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Auth\Ed25519;

/** What counts as a signature and as a public key, with ext-sodium and with what WordPress ships in its place. */
final class Ed25519Test extends TestCase {

	private const ORDER = 'edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010';

	/** @return array<string,array{0:string,1:string,2:string,3:bool}> Message, signature, public key, whether it verifies. */
	private static function signatures(): array {
		// RFC 8032, section 7.1, tests 1 and 3.
		$one                             = array( '', 'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b', 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a' );
		$three                           = array( 'af82', '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a', 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025' );
		list( $message, $good, $public ) = array_map( 'hex2bin', $three );
		$flip                            = static fn( string $bytes, int $at, int $bit = 1 ): string => substr_replace( $bytes, chr( ord( $bytes[ $at ] ) ^ $bit ), $at, 1 );
		return array(
			'RFC 8032, 1'             => array( ...array_map( 'hex2bin', $one ), ...array( true ) ),
			'RFC 8032, 3'             => array( $message, $good, $public, true ),
			'another message'         => array( $message . "\x00", $good, $public, false ),
			'another key'             => array( $message, $good, (string) hex2bin( $one[2] ), false ),
			'R changed'               => array( $message, $flip( $good, 0 ), $public, false ),
			'S changed'               => array( $message, $flip( $good, 40 ), $public, false ),
			'S not canonical'         => array( $message, substr( $good, 0, 32 ) . self::plus( substr( $good, 32 ), (string) hex2bin( self::ORDER ) ), $public, false ),
			'S with a high bit'       => array( $message, $flip( $good, 63, 0x80 ), $public, false ),
			'short'                   => array( $message, substr( $good, 0, 63 ), $public, false ),
			'long'                    => array( $message, $good . "\x00", $public, false ),
			'empty'                   => array( $message, '', $public, false ),
			'zeros'                   => array( $message, str_repeat( "\x00", 64 ), $public, false ),
			'key short'               => array( $message, $good, substr( $public, 0, 31 ), false ),
			// A key of order 1: R = sB fits every message.
			'key of small order'      => array( 'any', self::times_base() . self::one(), self::one(), false ),
			'R and key of small order' => array( 'any', self::one() . str_repeat( "\x00", 32 ), self::one(), false ),
		);
	}

	/** @return array<string,array{0:string,1:bool}> */
	private static function keys(): array {
		$good  = (string) hex2bin( 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025' );
		$cases = array( 'RFC 8032, 3' => array( $good, true ), 'short' => array( substr( $good, 1 ), false ), 'long' => array( $good . 'x', false ), 'empty' => array( '', false ), 'off the curve' => array( str_pad( "\x02", 32, "\x00" ), false ) );
		foreach ( array(
			'order 4'           => '0000000000000000000000000000000000000000000000000000000000000000',
			'order 4, x odd'    => '0000000000000000000000000000000000000000000000000000000000000080',
			'order 1'           => '0100000000000000000000000000000000000000000000000000000000000000',
			'order 1, x odd'    => '0100000000000000000000000000000000000000000000000000000000000080',
			'order 2'           => 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
			'order 8, a'        => '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
			'order 8, b'        => '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
			'order 8, c'        => 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
			'order 8, d'        => 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
			'0 spelt as p'      => 'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
			'1 spelt as p + 1'  => 'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
			'3 spelt as p + 3'  => 'f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
			'all ones'          => 'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
		) as $name => $hex ) {
			$cases[ $name ] = array( (string) hex2bin( $hex ), false );
		}
		return $cases;
	}

	/** The neutral point, and as a number 1. */
	private static function one(): string {
		return str_pad( "\x01", 32, "\x00" );
	}

	/** The base point. */
	private static function times_base(): string {
		return (string) hex2bin( '5866666666666666666666666666666666666666666666666666666666666666' );
	}

	/** Adds numbers of 32 bytes, least significant first. */
	private static function plus( string $a, string $b ): string {
		$sum = '';
		for ( $i = 0, $carry = 0; $i < 32; $i++ ) {
			$carry  += ord( $a[ $i ] ) + ord( $b[ $i ] );
			$sum    .= chr( $carry & 255 );
			$carry >>= 8;
		}
		return $sum;
	}

	public function test_signatures(): void {
		foreach ( self::signatures() as $name => list( $message, $signature, $public, $fits ) ) {
			self::assertSame( $fits, Ed25519::verifies( $message, $signature, $public ), $name );
		}
	}

	public function test_public_keys(): void {
		foreach ( self::keys() as $name => list( $key, $good ) ) {
			self::assertSame( $good, Ed25519::is_public_key( $key ), $name );
		}
	}

	public function test_what_it_signs_verifies(): void {
		$private = Ed25519::generate();
		$public  = Ed25519::public_of( $private );
		self::assertTrue( Ed25519::is_public_key( $public ) );
		self::assertTrue( Ed25519::verifies( 'hello', Ed25519::sign( 'hello', $private ), $public ) );
		$seed = (string) hex2bin( 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7' );
		self::assertSame( '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a', bin2hex( Ed25519::sign( "\xaf\x82", $seed . (string) hex2bin( 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025' ) ) ) );
	}

	public function test_without_the_extension_the_same_is_so(): void {
		$signatures = array_map( static fn( array $given ): array => array_map( 'base64_encode', array_slice( $given, 0, 3 ) ), array_values( self::signatures() ) );
		$keys       = array_map( static fn( array $given ): string => base64_encode( $given[0] ), array_values( self::keys() ) );
		$private    = Ed25519::generate();
		$run        = proc_open( array( PHP_BINARY, __DIR__ . '/fallback.php', rtrim( ABSPATH, '/' ) ), array( array( 'pipe', 'r' ), array( 'pipe', 'w' ), array( 'redirect', 1 ) ), $pipes );
		fwrite( $pipes[0], (string) wp_json_encode( array( 'signatures' => $signatures, 'keys' => $keys, 'sign' => array( base64_encode( 'hello' ), base64_encode( $private ) ) ) ) );
		fclose( $pipes[0] );
		$out = (string) stream_get_contents( $pipes[1] );
		proc_close( $run );
		$said = json_decode( $out, true );
		self::assertIsArray( $said, $out );
		self::assertSame( array_combine( array_keys( self::signatures() ), array_column( self::signatures(), 3 ) ), array_combine( array_keys( self::signatures() ), $said['signatures'] ) );
		self::assertSame( array_combine( array_keys( self::keys() ), array_column( self::keys(), 1 ) ), array_combine( array_keys( self::keys() ), $said['keys'] ) );
		self::assertSame( base64_encode( Ed25519::sign( 'hello', $private ) ), $said['signed'] );
		if ( getenv( 'AIDOC_MEASURE' ) ) {
			fwrite( STDERR, sprintf( "\nfallback: verify %.1f ms, sign %.1f ms\n", $said['verify_ms'], $said['sign_ms'] ) );
		}
	}
}
