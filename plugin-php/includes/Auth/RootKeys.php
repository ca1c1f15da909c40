<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

use AIDoc\Text;

/**
 * Where the root key comes from: AIDOC_KEY of wp-config.php, else WordPress' own secret keys there, else nowhere.
 * WordPress replaces missing or default keys by some that it writes into the database, next to what they would encrypt. Those
 * open what an earlier version sealed with them, and seal nothing.
 */
final class RootKeys {

	public const CONSTANT = 'AIDOC_KEY';

	/** Of AIDOC_KEY, and of each of the two keys of WordPress. */
	public const MIN_BYTES = 32;

	/** Fewer different characters than that were typed, not generated. */
	private const MIN_DIFFERENT = 8;

	private const SALT_NAMES     = array( 'SECURE_AUTH_KEY', 'SECURE_AUTH_SALT' );
	private const DEFAULT_PHRASE = 'put your unique phrase here';

	/** @var \Closure(string):mixed */
	private readonly \Closure $constant;

	/** @var \Closure():string */
	private readonly \Closure $wordpress;

	/**
	 * @param (\Closure(string):mixed)|null $constant  Reads a constant, null where it is not defined. For tests.
	 * @param (\Closure():string)|null      $wordpress What wp_salt() gives. For tests.
	 */
	public function __construct( ?\Closure $constant = null, ?\Closure $wordpress = null ) {
		$this->constant  = $constant ?? static fn( string $name ): mixed => defined( $name ) ? constant( $name ) : null;
		$this->wordpress = $wordpress ?? static fn(): string => wp_salt( 'secure_auth' );
	}

	/** The root that seals, or null where this site has none that is strong enough. */
	public function current(): ?RootKey {
		return $this->own_is_there() ? $this->own() : $this->salts();
	}

	/** @return \Generator<RootKey> What may have sealed a text, the likeliest first. */
	public function known(): \Generator {
		foreach ( array( $this->own(), $this->salts() ) as $root ) {
			if ( $root ) {
				yield $root;
			}
		}
		$salt = ( $this->wordpress )();
		if ( '' !== $salt ) {
			yield new RootKey( $salt );
		}
	}

	/** One sentence on why there is no root and what to do, or null where there is one. */
	public function problem(): ?string {
		if ( $this->current() ) {
			return null;
		}
		if ( $this->own_is_there() ) {
			/* translators: 1: name of a constant, 2: number of characters */
			return sprintf( __( 'The constant %1$s in wp-config.php is too weak to protect the keys of agents: it needs at least %2$d random characters. Replace it with the line that the Agents page offers.', 'ai-doc-pipeline' ), self::CONSTANT, self::MIN_BYTES );
		}
		/* translators: %s: a line of PHP */
		return sprintf( __( 'This site cannot protect the keys of agents: the secret keys in wp-config.php are missing, default or repeated, so WordPress keeps its own in the database, next to what they would encrypt. Add this line to wp-config.php, with a value of your own or the one that the Agents page offers: %s', 'ai-doc-pipeline' ), self::line( '…' ) );
	}

	/** The line for wp-config.php with a random value, which nothing stores. */
	public static function fresh_line(): string {
		return self::line( Text::base64url( random_bytes( 32 ) ) );
	}

	private static function line( string $value ): string {
		return sprintf( "define( '%s', '%s' );", self::CONSTANT, $value );
	}

	private function own_is_there(): bool {
		return null !== ( $this->constant )( self::CONSTANT );
	}

	private function own(): ?RootKey {
		$value = ( $this->constant )( self::CONSTANT );
		return self::is_strong( $value ) ? new RootKey( $value ) : null;
	}

	/** Takes them where wp_salt() does, and from nowhere else: core's fallbacks end in the database. */
	private function salts(): ?RootKey {
		$values = array_map( $this->constant, self::SALT_NAMES );
		foreach ( $values as $value ) {
			if ( ! self::is_strong( $value ) || $this->is_default( $value ) || $this->times( $value ) > 1 ) {
				return null;
			}
		}
		return new RootKey( implode( '', $values ) );
	}

	private static function is_strong( mixed $value ): bool {
		return is_string( $value ) && strlen( $value ) >= self::MIN_BYTES && strlen( count_chars( $value, 3 ) ) >= self::MIN_DIFFERENT;
	}

	private function is_default( string $value ): bool {
		// The sample file is translated in the packages of some languages.
		return in_array( $value, array( self::DEFAULT_PHRASE, __( 'put your unique phrase here' ) ), true ); // phpcs:ignore WordPress.WP.I18n.MissingArgDomain -- the sentence of core's own sample file, so in core's translation.
	}

	/** How many of WordPress' constants have this value: core takes none that occurs twice. */
	private function times( string $value ): int {
		$times = 0;
		foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE', 'SECRET' ) as $scheme ) {
			foreach ( array( 'KEY', 'SALT' ) as $part ) {
				$times += (int) ( ( $this->constant )( "{$scheme}_$part" ) === $value );
			}
		}
		return $times;
	}
}
