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
		foreach ( self::vectors()['primitive'] as $vector ) {
			if ( KeyRecord::ED25519 === $vector['algorithm'] ) {
				$private = base64_decode( $vector['secret'] ) . base64_decode( $vector['public_key'] );
				self::assertSame( $vector['signature'], base64_encode( Ed25519::sign( $vector['base'], $private ) ), $vector['name'] );
				self::assertTrue( Ed25519::verifies( $vector['base'], base64_decode( $vector['signature'] ), base64_decode( $vector['public_key'] ) ) );
			} else {
				self::assertSame( $vector['signature'], Profile::mac( $vector['base'], base64_decode( $vector['secret'] ) ), $vector['name'] );
			}
		}
	}

	public function test_public_keys(): void {
		$cases = self::vectors()['public_keys'];
		foreach ( $cases as $vector ) {
			self::assertSame( $vector['ok'], Ed25519::is_public_key( (string) base64_decode( $vector['public_key'] ) ), $vector['name'] );
		}
		self::assertGreaterThan( 15, count( $cases ) );
	}

	public function test_canonical_site(): void {
		foreach ( self::vectors()['sites'] as $vector ) {
			self::assertSame( $vector['canonical'], SiteUrl::canonical( $vector['url'] ) );
		}
	}

	/** @dataProvider requests */
	public function test_request( array $vector, array $keys ): void {
		foreach ( $keys as $key ) {
			$kind = str_starts_with( $key['key_id'], 'jt_' ) ? KeyRecord::TOKEN : KeyRecord::KEY;
			$this->plugin()->key_ring()->insert( $key['key_id'], 1, $kind, $key['state'], base64_decode( $key['secret'] ?? '' ), 0, base64_decode( $key['public_key'] ?? '' ) );
		}
		foreach ( $vector['seen_nonces'] ?? array() as $nonce ) {
			self::assertTrue( $this->plugin()->nonces()->remember( $vector['key_id'], $nonce ) );
		}
		// Above WP_HOME of the site under test, which filters at 10.
		add_filter( 'option_home', static fn() => $vector['site'], PHP_INT_MAX );
		add_filter( 'home_url', static fn() => $vector['site'], PHP_INT_MAX );
		$this->clock()->set_wall_s( $vector['now'] );
		$request = new \WP_REST_Request( $vector['method'], $vector['route'] );
		$request->set_body( (string) base64_decode( $vector['body'] ?? '' ) );
		foreach ( $vector['headers'] as $name => $value ) {
			$request->set_header( $name, $value );
		}
		$nonces = static fn() => (int) Database::row( 'SELECT COUNT(*) AS n FROM ' . Database::table( 'nonces' ) )['n'];
		$before = $nonces();

		$principals = new Principals();
		$verifier   = new Verifier( $this->plugin()->key_ring(), $this->plugin()->nonces(), $principals, $this->clock() );
		$verdict    = $verifier->verify( $request, $vector['method'], '/aidoc/v1/join' === $vector['route'] );

		self::assertSame( $vector['expect'], is_wp_error( $verdict ) ? $verdict->get_error_code() : 'ok' );
		self::assertSame( $vector['answer_tag'], $principals->signer( $request )?->tag->value ?? '', 'How the answer would be signed.' );
		self::assertSame( $before + ( 'ok' === $vector['expect'] ? 1 : 0 ), $nonces(), 'Only an accepted request leaves a trace.' );
		if ( 'ok' === $vector['expect'] ) {
			self::assertSame( $vector['base'], Profile::parse( static fn( $name ) => $request->get_header( $name ) )->base( $vector['method'] ) );
			$again = $verifier->verify( $request, $vector['method'], '/aidoc/v1/join' === $vector['route'] );
			self::assertSame( 'aidoc_replayed', is_wp_error( $again ) ? $again->get_error_code() : 'ok' );
		}
	}

	public function requests(): array {
		$vectors = self::vectors();
		$cases   = array();
		foreach ( $vectors['requests'] as $vector ) {
			$cases[ $vector['name'] ] = array( $vector, $vectors['keys'] );
		}
		self::assertGreaterThan( 80, count( $cases ) );
		return $cases;
	}

	public function test_answers_are_signed_byte_for_byte(): void {
		$signed = 0;
		foreach ( self::vectors()['responses'] as $vector ) {
			if ( 'ok' !== $vector['expect'] || str_contains( $vector['name'], 'made by' ) ) {
				continue;
			}
			$mac     = preg_replace( '/^aidoc=:|:$/', '', $vector['request_signature'] );
			$file    = ! empty( $vector['file'] );
			$header  = $vector['headers'][ 206 === $vector['status'] ? 'repr-digest' : 'content-digest' ] ?? '';
			$digest  = $file ? preg_replace( '/^sha-256=:|:$/', '', $header ) : base64_encode( hash( 'sha256', (string) base64_decode( $vector['body'] ?? '' ), true ) );
			$headers = ( new Signer( self::credential( $vector ), $mac, Tag::from( $vector['tag'] ) ) )->headers( $vector['status'], $digest, $vector['created'] );
			$headers = array_change_key_case( $headers );
			ksort( $headers );
			ksort( $vector['headers'] );
			self::assertSame( array_intersect_key( $vector['headers'], $headers ), $headers, $vector['name'] );
			++$signed;
		}
		self::assertGreaterThan( 5, $signed );
	}

	private static function credential( array $vector ): Credential {
		if ( ! str_starts_with( $vector['key_id'], 'sk_' ) ) {
			return new SharedSecret( $vector['key_id'], base64_decode( $vector['secret'] ) );
		}
		$site = new SiteKey( base64_decode( $vector['secret'] ) . base64_decode( $vector['public_key'] ) );
		self::assertSame( $vector['key_id'], $site->keyId );
		return new AgentPublicKey( '', $site );
	}

	public function test_tampered_answers_would_not_verify(): void {
		$made = 0;
		foreach ( self::vectors()['responses'] as $vector ) {
			if ( 'ok' === $vector['expect'] || ! empty( $vector['file'] ) || ! isset( $vector['headers']['signature'], $vector['request_signature'], $vector['secret'] ) ) {
				continue;
			}
			$mac     = preg_replace( '/^aidoc=:|:$/', '', $vector['request_signature'] );
			$digest  = base64_encode( hash( 'sha256', (string) base64_decode( $vector['body'] ?? '' ), true ) );
			$headers = array_change_key_case( ( new Signer( self::credential( $vector ), $mac, Tag::from( $vector['tag'] ) ) )->headers( $vector['status'], $digest, $vector['created'] ) );
			$same    = $headers === array_intersect_key( $vector['headers'], $headers ) && count( $headers ) === count( $vector['headers'] );
			if ( 'clock' !== $vector['expect'] && $vector['now'] - $vector['created'] <= 300 && $vector['created'] - $vector['now'] <= 300 ) {
				self::assertFalse( $same, 'The site would have made the tampered answer itself: ' . $vector['name'] );
				++$made;
			}
		}
		self::assertGreaterThan( 10, $made );
	}
}
