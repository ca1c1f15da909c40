<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Auth\AgentPublicKey;
use AIDoc\Auth\Credential;
use AIDoc\Auth\Ed25519;
use AIDoc\Auth\KeyRecord;
use AIDoc\Auth\Principals;
use AIDoc\Auth\Profile;
use AIDoc\Auth\SharedSecret;
use AIDoc\Auth\Signer;
use AIDoc\Auth\SiteKey;
use AIDoc\Auth\SiteUrl;
use AIDoc\Auth\Tag;
use AIDoc\Auth\Verifier;
use AIDoc\Database;

/** The vectors that the Go client and a foreign RFC 9421 library are held against, too. Their README tells the format. */
final class SigningVectorsTest extends TestCase {

	private static function vectors(): array {
		$file = getenv( 'AIDOC_VECTORS' ) ?: dirname( __DIR__, 2 ) . '/test/vectors/signing.json';
		self::assertFileExists( $file, 'The shared vectors are missing: they are no option.' );
		$vectors = json_decode( (string) file_get_contents( $file ), true, 32, JSON_THROW_ON_ERROR );
		self::assertSame( 1, $vectors['format'] );
		return $vectors;
	}

	protected function tearDown(): void {
		remove_all_filters( 'option_home' );
		remove_all_filters( 'home_url' );
		parent::tearDown();
	}

	public function test_primitive(): void {
		foreach ( self::vectors()['primitive'] as $case ) {
			if ( KeyRecord::ED25519 === $case['algorithm'] ) {
				$private = base64_decode( $case['secret'] ) . base64_decode( $case['public_key'] );
				self::assertSame( $case['signature'], base64_encode( Ed25519::sign( $case['base'], $private ) ), $case['name'] );
				self::assertTrue( Ed25519::verifies( $case['base'], base64_decode( $case['signature'] ), base64_decode( $case['public_key'] ) ) );
			} else {
				self::assertSame( $case['signature'], Profile::mac( $case['base'], base64_decode( $case['secret'] ) ), $case['name'] );
			}
		}
	}

	public function test_public_keys(): void {
		$cases = self::vectors()['public_keys'];
		foreach ( $cases as $case ) {
			self::assertSame( $case['ok'], Ed25519::is_public_key( (string) base64_decode( $case['public_key'] ) ), $case['name'] );
		}
		self::assertGreaterThan( 15, count( $cases ) );
	}

	public function test_canonical_site(): void {
		foreach ( self::vectors()['sites'] as $case ) {
			self::assertSame( $case['canonical'], SiteUrl::canonical( $case['url'] ) );
		}
	}

	/** @dataProvider requests */
	public function test_request( array $case, array $keys ): void {
		foreach ( $keys as $key ) {
			$kind = str_starts_with( $key['key_id'], 'jt_' ) ? KeyRecord::TOKEN : KeyRecord::KEY;
			$this->plugin()->key_ring()->insert( $key['key_id'], 1, $kind, $key['state'], base64_decode( $key['secret'] ?? '' ), 0, base64_decode( $key['public_key'] ?? '' ) );
		}
		foreach ( $case['seen_nonces'] ?? array() as $nonce ) {
			self::assertTrue( $this->plugin()->nonces()->remember( $case['key_id'], $nonce ) );
		}
		// Above WP_HOME of the site under test, which filters at 10.
		add_filter( 'option_home', static fn() => $case['site'], PHP_INT_MAX );
		add_filter( 'home_url', static fn() => $case['site'], PHP_INT_MAX );
		$this->clock()->set_wall_s( $case['now'] );
		$request = new \WP_REST_Request( $case['method'], $case['route'] );
		$request->set_body( (string) base64_decode( $case['body'] ?? '' ) );
		foreach ( $case['headers'] as $name => $value ) {
			$request->set_header( $name, $value );
		}
		$nonces = static fn() => (int) Database::row( 'SELECT COUNT(*) AS n FROM ' . Database::table( 'nonces' ) )['n'];
		$before = $nonces();

		$principals = new Principals();
		$verifier   = new Verifier( $this->plugin()->key_ring(), $this->plugin()->nonces(), $principals, $this->clock() );
		$verdict    = $verifier->verify( $request, $case['method'], '/aidoc/v1/join' === $case['route'] );

		self::assertSame( $case['expect'], is_wp_error( $verdict ) ? $verdict->get_error_code() : 'ok' );
		self::assertSame( $case['answer_tag'], $principals->signer( $request )?->tag->value ?? '', 'How the answer would be signed.' );
		self::assertSame( $before + ( 'ok' === $case['expect'] ? 1 : 0 ), $nonces(), 'Only an accepted request leaves a trace.' );
		if ( 'ok' === $case['expect'] ) {
			self::assertSame( $case['base'], Profile::parse( static fn( $name ) => $request->get_header( $name ) )->base( $case['method'] ) );
			$again = $verifier->verify( $request, $case['method'], '/aidoc/v1/join' === $case['route'] );
			self::assertSame( 'aidoc_replayed', is_wp_error( $again ) ? $again->get_error_code() : 'ok' );
		}
	}

	public function requests(): array {
		$vectors = self::vectors();
		$cases   = array();
		foreach ( $vectors['requests'] as $case ) {
			$cases[ $case['name'] ] = array( $case, $vectors['keys'] );
		}
		self::assertGreaterThan( 80, count( $cases ) );
		return $cases;
	}

	public function test_answers_are_signed_byte_for_byte(): void {
		$signed = 0;
		foreach ( self::vectors()['responses'] as $case ) {
			if ( 'ok' !== $case['expect'] || str_contains( $case['name'], 'made by' ) ) {
				continue;
			}
			$mac     = preg_replace( '/^aidoc=:|:$/', '', $case['request_signature'] );
			$file    = ! empty( $case['file'] );
			$header  = $case['headers'][ 206 === $case['status'] ? 'repr-digest' : 'content-digest' ] ?? '';
			$digest  = $file ? preg_replace( '/^sha-256=:|:$/', '', $header ) : base64_encode( hash( 'sha256', (string) base64_decode( $case['body'] ?? '' ), true ) );
			$headers = ( new Signer( self::credential( $case ), $mac, Tag::from( $case['tag'] ) ) )->headers( $case['status'], $digest, $case['created'] );
			$headers = array_change_key_case( $headers );
			ksort( $headers );
			ksort( $case['headers'] );
			self::assertSame( array_intersect_key( $case['headers'], $headers ), $headers, $case['name'] );
			++$signed;
		}
		self::assertGreaterThan( 5, $signed );
	}

	private static function credential( array $case ): Credential {
		if ( ! str_starts_with( $case['key_id'], 'sk_' ) ) {
			return new SharedSecret( $case['key_id'], base64_decode( $case['secret'] ) );
		}
		$site = new SiteKey( base64_decode( $case['secret'] ) . base64_decode( $case['public_key'] ) );
		self::assertSame( $case['key_id'], $site->keyId );
		return new AgentPublicKey( '', $site );
	}

	public function test_tampered_answers_would_not_verify(): void {
		$made = 0;
		foreach ( self::vectors()['responses'] as $case ) {
			if ( 'ok' === $case['expect'] || ! empty( $case['file'] ) || ! isset( $case['headers']['signature'], $case['request_signature'], $case['secret'] ) ) {
				continue;
			}
			$mac     = preg_replace( '/^aidoc=:|:$/', '', $case['request_signature'] );
			$digest  = base64_encode( hash( 'sha256', (string) base64_decode( $case['body'] ?? '' ), true ) );
			$headers = array_change_key_case( ( new Signer( self::credential( $case ), $mac, Tag::from( $case['tag'] ) ) )->headers( $case['status'], $digest, $case['created'] ) );
			$same    = $headers === array_intersect_key( $case['headers'], $headers ) && count( $headers ) === count( $case['headers'] );
			if ( 'clock' !== $case['expect'] && $case['now'] - $case['created'] <= 300 && $case['created'] - $case['now'] <= 300 ) {
				self::assertFalse( $same, 'The site would have made the tampered answer itself: ' . $case['name'] );
				++$made;
			}
		}
		self::assertGreaterThan( 10, $made );
	}
}
