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

	/** A key, for in a string its first quote would have a backslash before it and its last one too; and a list with whatever is in it. */
	private const BLOCKS = '/"summary_blocks"\s*+:\s*+(\[(?:[^][{}"]++|"(?:[^"\\\\]++|\\\\.)*+"|[{}]|(?1))*+\])/s';

	/** The body as objects, so that `{}` and `[]` stay different; null where it is none, or too much of one. */
	public static function read( string $body ): ?\stdClass {
		$value = self::is_bounded( $body ) ? json_decode( $body, false, self::DEPTH, JSON_BIGINT_AS_STRING ) : null;
		return $value instanceof \stdClass ? $value : null;
	}

	/** A result with more blocks than can be decoded, without them: it has the same text as Markdown. Any other body as it is. */
	public static function without_surplus_blocks( string $body ): string {
		return self::is_bounded( $body ) ? $body : (string) preg_replace( self::BLOCKS, '"summary_blocks":false', $body, 1 );
	}

	/** Counts without decoding: what is left once the strings are taken out, those with escaped quotes included. */
	private static function is_bounded( string $body ): bool {
		$marks = preg_replace( array( '/\\\\./s', '/"[^"]*+"/' ), '', $body );
		return is_string( $marks )
			&& substr_count( $marks, '{' ) + substr_count( $marks, '[' ) <= self::OBJECTS
			&& substr_count( $marks, ',' ) <= self::VALUES;
	}
}
