<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

/**
 * A body that PHP can decode without running out of memory: an empty list costs it 30 times the two bytes it is written
 * in, an object 100 times, and WordPress decodes each body once more.
 */
final class Json {

	private const DEPTH   = 32;
	private const OBJECTS = 50_000;  // And lists.
	private const VALUES  = 250_000;

	/** The body as objects, so that `{}` and `[]` stay different; null where it is none, or too much of one. */
	public static function read( string $body ): ?\stdClass {
		$value = self::is_bounded( $body ) ? json_decode( $body, false, self::DEPTH, JSON_BIGINT_AS_STRING ) : null;
		return $value instanceof \stdClass ? $value : null;
	}

	/** Counts without decoding: what is left once the strings are taken out, those with escaped quotes included. */
	private static function is_bounded( string $body ): bool {
		$marks = preg_replace( array( '/\\\\./s', '/"[^"]*+"/' ), '', $body );
		return is_string( $marks )
			&& substr_count( $marks, '{' ) + substr_count( $marks, '[' ) <= self::OBJECTS
			&& substr_count( $marks, ',' ) <= self::VALUES;
	}
}
