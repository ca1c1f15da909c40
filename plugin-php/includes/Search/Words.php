<?php
declare( strict_types=1 );

namespace AIDoc\Search;

/** What somebody typed into a search box, as words. */
final class Words {

	private const MOST    = 8;
	private const LONGEST = 60;

	/** @return string[] */
	public static function of( string $typed ): array {
		$words = preg_split( '~[\s"]+~u', wp_check_invalid_utf8( $typed, true ), -1, PREG_SPLIT_NO_EMPTY );
		$words = array_map( static fn( string $word ): string => mb_substr( $word, 0, self::LONGEST ), $words ? $words : array() );
		return array_slice( array_values( array_unique( $words ) ), 0, self::MOST );
	}
}
