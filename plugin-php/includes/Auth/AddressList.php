<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** Addresses and networks (`192.0.2.7`, `2001:db8::/32`), as an administrator lists them. */
final class AddressList {

	private const MOST = 100;

	/** @param string[] $entries As parse() returns them. */
	public function __construct( private readonly array $entries ) {}

	/**
	 * @param mixed $value A list, or text with an entry a line (or with commas or spaces between).
	 * @return string[]|\WP_Error Entries in their canonical form, or one sentence that names the wrong one.
	 */
	public static function parse( mixed $value ): array|\WP_Error {
		$texts = is_string( $value ) ? preg_split( '/[\s,;]+/', $value, -1, PREG_SPLIT_NO_EMPTY ) : $value;
		if ( ! is_array( $texts ) ) {
			return new \WP_Error( 'aidoc_invalid', __( 'Give addresses such as 192.0.2.7 or networks such as 192.0.2.0/24, one a line.', 'ai-doc-pipeline' ) );
		}
		$entries = array();
		foreach ( $texts as $text ) {
			$entry = is_string( $text ) ? self::entry( trim( $text ) ) : null;
			if ( null === $entry ) {
				/* translators: %s: what was typed */
				return new \WP_Error( 'aidoc_invalid', sprintf( __( '“%s” is neither an address (192.0.2.7, 2001:db8::7) nor a network (192.0.2.0/24, 2001:db8::/32).', 'ai-doc-pipeline' ), mb_substr( is_string( $text ) ? $text : '?', 0, 60 ) ) );
			}
			$entries[] = $entry;
		}
		if ( count( $entries ) > self::MOST ) {
			/* translators: %d: number of entries */
			return new \WP_Error( 'aidoc_invalid', sprintf( __( 'At most %d addresses can be listed. Use networks such as 192.0.2.0/24.', 'ai-doc-pipeline' ), self::MOST ) );
		}
		return array_values( array_unique( $entries ) );
	}

	public function is_empty(): bool {
		return ! $this->entries;
	}

	public function has( string $address ): bool {
		$packed = self::pack( $address );
		foreach ( null === $packed ? array() : $this->entries as $entry ) {
			if ( self::covers( $entry, $packed ) ) {
				return true;
			}
		}
		return false;
	}

	/** One form for each address: an IPv4 address that a server shows as `::ffff:192.0.2.7` is that IPv4 address. */
	public static function canonical( string $address ): ?string {
		$packed = self::pack( $address );
		return null === $packed ? null : (string) inet_ntop( $packed );
	}

	private static function entry( string $text ): ?string {
		list( $address, $length ) = explode( '/', $text, 2 ) + array( 1 => null );
		$packed                   = self::pack( $address );
		if ( null === $packed || ( null !== $length && ! preg_match( '/^(?:0|[1-9][0-9]{0,2})$/D', $length ) ) ) {
			return null;
		}
		$bits = 8 * strlen( $packed );
		$size = (int) ( $length ?? $bits );
		if ( null !== $length && 4 === strlen( $packed ) && str_contains( $address, ':' ) ) {
			$size -= 96; // ::ffff:192.0.2.0/120 is 192.0.2.0/24.
		}
		if ( $size < 0 || $size > $bits ) {
			return null;
		}
		return inet_ntop( $packed & self::mask( $size, $bits ) ) . ( $size < $bits ? "/$size" : '' );
	}

	private static function covers( string $entry, string $packed ): bool {
		list( $address, $length ) = explode( '/', $entry, 2 ) + array( 1 => null );
		$network                  = self::pack( $address );
		if ( null === $network || strlen( $network ) !== strlen( $packed ) ) {
			return false;
		}
		$bits = 8 * strlen( $packed );
		$mask = self::mask( (int) ( $length ?? $bits ), $bits );
		return ( $packed & $mask ) === ( $network & $mask );
	}

	private static function mask( int $size, int $bits ): string {
		$ones = str_repeat( '1', $size ) . str_repeat( '0', $bits - $size );
		return implode( '', array_map( static fn( string $byte ) => chr( (int) bindec( $byte ) ), str_split( $ones, 8 ) ) );
	}

	private static function pack( string $address ): ?string {
		if ( ! filter_var( $address, FILTER_VALIDATE_IP ) ) {
			return null;
		}
		$packed = (string) inet_pton( $address );
		return str_starts_with( $packed, str_repeat( "\0", 10 ) . "\xff\xff" ) ? substr( $packed, 12 ) : $packed;
	}
}
