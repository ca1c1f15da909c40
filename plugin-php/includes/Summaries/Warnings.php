<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\Text;

/** What of a document could not be read, in the agent's sentences: plain text of a stranger, for who may edit the summary. */
final class Warnings {

	/** So many sentences, and so many characters of each (docs/protocol.md, section 7). */
	private const MOST   = 8;
	private const LENGTH = 600;

	/** @return list<string>|null Null where nothing is said. */
	public static function read( mixed $given, Adjustments $adjusted ): ?array {
		$listed = is_array( $given ) ? $given : array();
		$clean  = array_map( array( self::class, 'clean' ), array_slice( $listed, 0, self::MOST ) );
		if ( ( null !== $given && ! is_array( $given ) ) || array_values( $listed ) !== $clean ) {
			$adjusted->add( 'warnings' );
		}
		$said = array_values( array_unique( array_filter( $clean, static fn( string $sentence ): bool => '' !== $sentence ) ) );
		return $said ? $said : null;
	}

	/** One line; what turns the direction of writing around would let a name in it look like another. */
	private static function clean( mixed $given ): string {
		return is_string( $given ) ? Text::clip( (string) preg_replace( '/[\x{061C}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}]/u', '', wp_check_invalid_utf8( $given, true ) ), self::LENGTH ) : '';
	}

	/** @return list<string> Of a summary. */
	public static function of( int $summary_id ): array {
		$kept = get_post_meta( $summary_id, 'aidoc_warnings', true );
		return is_array( $kept ) ? array_values( array_filter( $kept, 'is_string' ) ) : array();
	}
}
