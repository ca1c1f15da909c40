<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

/** One range of bytes (RFC 9110, section 14). */
final class ByteRange {

	private function __construct(
		public readonly int $offset,
		public readonly int $length,
		public readonly bool $partial,
	) {}

	public static function whole( int $size ): self {
		return new self( 0, $size, false );
	}

	/** @return self|null Null where the range lies outside. What is no single byte range is ignored, as the RFC allows. */
	public static function parse( string $header, int $size ): ?self {
		if ( ! preg_match( '/^bytes=([0-9]{0,18})-([0-9]{0,18})$/D', $header, $part ) || ( '' === $part[1] && '' === $part[2] ) ) {
			return self::whole( $size );
		}
		if ( '' === $part[1] ) {
			$length = min( (int) $part[2], $size );
			return $length > 0 ? new self( $size - $length, $length, true ) : null;
		}
		$first = (int) $part[1];
		$last  = '' === $part[2] ? $size - 1 : (int) $part[2];
		if ( '' !== $part[2] && $last < $first ) {
			return self::whole( $size );
		}
		return $first < $size ? new self( $first, min( $last, $size - 1 ) - $first + 1, true ) : null;
	}
}
