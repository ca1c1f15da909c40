<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Auth\KeyStore;
use AIDoc\Auth\RootKeys;

/** Which keys of wp-config.php protect the secrets in the database, and what happens when they come and go. */
final class RootKeysTest extends TestCase {

	private const OWN     = 'b1Jx0q-9sT5oWc3rLkYhZ7nD2vEaMfUgPiX4';
	private const SALTS   = array( 'SECURE_AUTH_KEY' => 'k0:Q)w<8s+fJ{z2m@Vd~5y;Rb7|Tn4!Lc', 'SECURE_AUTH_SALT' => 'Zp]1x*Gh6&uE.9r^Oi=3a_Wt,Mj8#Ye(Dq' );
	private const DEFAULT = 'put your unique phrase here';

	/** @dataProvider configurations */
	public function test_what_counts_as_a_root( array $constants, bool $sound ): void {
		$roots = self::roots( $constants );
		self::assertSame( $sound, null !== $roots->current() );
		self::assertSame( $sound, null === $roots->problem() );
		if ( $sound ) {
			$store = new KeyStore( $roots );
			self::assertSame( 'x', $store->open( 'ak_1', $store->seal( 'ak_1', 'x' ) ) );
		}
	}

	public static function configurations(): array {
		$own = RootKeys::CONSTANT;
		return array(
			'nothing'                     => array( array(), false ),
			'own key'                     => array( array( $own => self::OWN ), true ),
			'own key, default salts'      => array( array( $own => self::OWN, 'SECURE_AUTH_KEY' => self::DEFAULT, 'SECURE_AUTH_SALT' => self::DEFAULT ), true ),
			'own key short'               => array( array( $own => substr( self::OWN, 0, 31 ) ), false ),
			'own key just long enough'    => array( array( $own => substr( self::OWN, 0, 32 ) ), true ),
			'own key empty'               => array( array( $own => '' ), false ),
			'own key no text'             => array( array( $own => true ), false ),
			'own key of one letter'       => array( array( $own => str_repeat( 'a', 64 ) ), false ),
			'weak own key, sound salts'   => array( array( $own => 'secret' ) + self::SALTS, false ),
			'sound salts'                 => array( self::SALTS, true ),
			'one salt missing'            => array( array( 'SECURE_AUTH_KEY' => self::SALTS['SECURE_AUTH_KEY'] ), false ),
			'one salt default'            => array( array( 'SECURE_AUTH_SALT' => self::DEFAULT ) + self::SALTS, false ),
			'one salt empty'              => array( array( 'SECURE_AUTH_KEY' => '' ) + self::SALTS, false ),
			'one salt short'              => array( array( 'SECURE_AUTH_KEY' => 'k0:Q)w<8s+fJ{z2m@Vd~5y;Rb7|Tn4!' ) + self::SALTS, false ),
			'both salts the same'         => array( array( 'SECURE_AUTH_SALT' => self::SALTS['SECURE_AUTH_KEY'] ) + self::SALTS, false ),
			'the same as another salt'    => array( array( 'NONCE_SALT' => self::SALTS['SECURE_AUTH_KEY'] ) + self::SALTS, false ),
			'the same as the secret key'  => array( array( 'SECRET_KEY' => self::SALTS['SECURE_AUTH_SALT'] ) + self::SALTS, false ),
			'other salts default'         => array( array( 'AUTH_KEY' => self::DEFAULT, 'NONCE_SALT' => self::DEFAULT ) + self::SALTS, true ),
		);
	}

	public function test_the_default_phrase_counts_in_the_language_of_the_sample_file(): void {
		$phrase    = 'Füge hier Deine Zeichenkette ein (de)';
		$translate = static fn( $text, $original ) => self::DEFAULT === $original ? $phrase : $text;
		$roots     = self::roots( array( 'SECURE_AUTH_KEY' => $phrase ) + self::SALTS );
		self::assertNotNull( $roots->current(), 'In another language it is a text like any other.' );
		add_filter( 'gettext', $translate, 10, 2 );
		try {
			self::assertNull( $roots->current() );
		} finally {
			remove_filter( 'gettext', $translate, 10 );
		}
	}

	public function test_core_takes_the_same_two_constants(): void {
		self::assertSame( SECURE_AUTH_KEY . SECURE_AUTH_SALT, wp_salt( 'secure_auth' ) );
		self::assertNull( ( new RootKeys() )->problem(), 'The site of the tests is set up as a site should be.' );
	}

	public function test_the_problem_says_what_to_add(): void {
		self::assertStringContainsString( "define( 'AIDOC_KEY', '…' );", (string) self::roots( array() )->problem() );
		self::assertStringContainsString( 'at least 32 random characters', (string) self::roots( array( RootKeys::CONSTANT => 'short' ) )->problem() );
		preg_match( "/^define\\( 'AIDOC_KEY', '([A-Za-z0-9_-]+)' \\);$/D", RootKeys::fresh_line(), $line );
		self::assertNull( self::roots( array( RootKeys::CONSTANT => $line[1] ) )->problem() );
		self::assertNotSame( RootKeys::fresh_line(), RootKeys::fresh_line() );
	}

	public function test_nothing_is_sealed_without_a_root(): void {
		$this->expectException( \AIDoc\Auth\NoRootKey::class );
		( new KeyStore( self::roots( array() ) ) )->seal( 'ak_1', 'secret' );
	}

	/** How versions before AIDOC_KEY sealed: under what wp_salt() gave, without saying so. */
	private static function old_text( string $salt, string $name, string $secret ): string {
		$nonce = random_bytes( 24 );
		return base64_encode( $nonce . sodium_crypto_secretbox( $secret, $nonce, hash_hkdf( 'sha256', $salt, 32, 'aidoc-keystore-v1/' . $name ) ) );
	}

	/** @dataProvider upgrades */
	public function test_what_an_older_version_sealed_still_opens( array $constants, string $salt ): void {
		$store = new KeyStore( self::roots( $constants, 'the salts of the database, which WordPress drew' ) );
		self::assertSame( 'secret', $store->open( 'ak_1', self::old_text( $salt, 'ak_1', 'secret' ) ) );
		self::assertNull( $store->open( 'ak_1', self::old_text( 'salts of another time', 'ak_1', 'secret' ) ) );
	}

	public static function upgrades(): array {
		$database = 'the salts of the database, which WordPress drew';
		return array(
			'default salts'               => array( array(), $database ),
			'default salts, then own key' => array( array( RootKeys::CONSTANT => self::OWN ), $database ),
			'sound salts'                 => array( self::SALTS, implode( '', self::SALTS ) ),
			'sound salts, then own key'   => array( array( RootKeys::CONSTANT => self::OWN ) + self::SALTS, implode( '', self::SALTS ) ),
		);
	}

	public function test_a_new_root_takes_over_and_the_salts_may_change_then(): void {
		$old    = ( new KeyStore( self::roots( self::SALTS ) ) )->seal( 'ak_1', 'secret' );
		$both   = new KeyStore( self::roots( array( RootKeys::CONSTANT => self::OWN ) + self::SALTS ) );
		$sealed = $both->reseal( 'ak_1', $old );
		self::assertSame( 'secret', $both->open( 'ak_1', $old ) );
		self::assertNull( $both->reseal( 'ak_1', (string) $sealed ), 'Once is enough.' );
		self::assertSame( 'secret', self::store( self::OWN )->open( 'ak_1', (string) $sealed ), 'Without the salts.' );
		self::assertNull( self::store( self::OWN )->open( 'ak_1', $old ) );
		self::assertNull( self::store( self::OWN )->reseal( 'ak_1', $old ) );
	}

	public function test_without_a_root_nothing_is_touched(): void {
		$store = new KeyStore( self::roots( array(), 'the salts of the database' ) );
		$old   = self::old_text( 'the salts of the database', 'ak_1', 'secret' );
		self::assertSame( array( false, null ), array( $store->is_outdated( $old ), $store->reseal( 'ak_1', $old ) ) );
	}

	public function test_a_root_does_not_show_itself(): void {
		self::assertStringNotContainsString( self::OWN, print_r( self::roots( array( RootKeys::CONSTANT => self::OWN ) )->current(), true ) );
	}

	public function test_one_look_reseals_all_keys_of_the_site(): void {
		$ring  = $this->plugin()->key_ring();
		$a     = $this->agent( 'a' );
		$b     = $this->agent( 'b' );
		$table = \AIDoc\Database::table( 'keys' );
		foreach ( array( $a, $b ) as $agent ) {
			\AIDoc\Database::write( "UPDATE $table SET sealed = %s WHERE key_id = %s", self::old_text( wp_salt( 'secure_auth' ), $agent->keyId, $agent->secret ), $agent->keyId );
		}
		$prefix = 'k2.' . ( new RootKeys() )->current()->id . '.';
		self::assertSame( 200, $a->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
		foreach ( array( $a, $b ) as $agent ) {
			self::assertStringStartsWith( $prefix, $ring->find( $agent->keyId )->sealed );
		}
		self::assertSame( 200, $b->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
	}

	public function test_housekeeping_reseals_what_nobody_uses(): void {
		$agent = $this->agent( 'a' );
		$this->plugin()->settings()->set_legacy_secret( 'a-long-shared-secret' );
		\AIDoc\Database::write( 'UPDATE ' . \AIDoc\Database::table( 'keys' ) . ' SET sealed = %s WHERE key_id = %s', self::old_text( wp_salt( 'secure_auth' ), $agent->keyId, $agent->secret ), $agent->keyId );
		update_option( \AIDoc\Settings::LEGACY_SECRET, self::old_text( wp_salt( 'secure_auth' ), 'legacy', 'a-long-shared-secret' ), false );
		do_action( \AIDoc\Queue\Cron::HOOK );
		self::assertStringStartsWith( 'k2.', $this->plugin()->key_ring()->find( $agent->keyId )->sealed );
		self::assertStringStartsWith( 'k2.', get_option( \AIDoc\Settings::LEGACY_SECRET ) );
		self::assertSame( 'a-long-shared-secret', $this->plugin()->settings()->legacy_secret() );
	}
}
