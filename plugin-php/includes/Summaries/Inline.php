<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/** Marks within a line of Markdown. One pass of a tokeniser, so that no input makes it backtrack. */
final class Inline {

	private const TOKENS = '/(`+)(?!`)(.+?)(?<!`)\1(?!`)|!?\[([^\]\[]{0,1000})\]\((?:[^()\s]{0,2000})(?:\s+"[^"]{0,500}")?\)|<(https?:\/\/[^\s<>]{1,2000})>|\\\\([!-\/:-@\[-`{-~])|(\*{1,3}|_{1,3})/s';

	/** @return list<array{text:string,bold?:bool,italic?:bool,code?:bool}> */
	public static function parse( string $text ): array {
		$runs   = array();
		$bold   = false;
		$italic = false;
		$at     = 0;
		$add    = static function ( string $piece, bool $code = false ) use ( &$runs, &$bold, &$italic ): void {
			if ( '' !== $piece ) {
				$runs[] = array( 'text' => $piece ) + array_filter( array( 'bold' => $bold, 'italic' => $italic, 'code' => $code ) );
			}
		};
		while ( preg_match( self::TOKENS, $text, $part, PREG_OFFSET_CAPTURE | PREG_UNMATCHED_AS_NULL, $at ) ) {
			$start = $part[0][1];
			$whole = $part[0][0];
			$add( substr( $text, $at, $start - $at ) );
			$at = $start + strlen( $whole );
			if ( null !== $part[2][0] ) {
				$add( trim( $part[2][0] ), true );
			} elseif ( null !== $part[3][0] ) {
				$add( $part[3][0] );
			} elseif ( null !== $part[4][0] ) {
				$add( $part[4][0] );
			} elseif ( null !== $part[5][0] ) {
				$add( $part[5][0] );
			} elseif ( self::is_mark( $text, $start, $whole, $bold, $italic ) ) {
				$bold   = strlen( $whole ) >= 2 ? ! $bold : $bold;
				$italic = 2 !== strlen( $whole ) ? ! $italic : $italic;
			} else {
				$add( $whole );
			}
		}
		$add( substr( $text, $at ) );
		return self::merge( $runs );
	}

	/** An asterisk in `2 * 3` and an underscore in `file_name` are themselves; a mark opens only where it also ends. */
	private static function is_mark( string $text, int $start, string $mark, bool $bold, bool $italic ): bool {
		$before = $start > 0 ? $text[ $start - 1 ] : ' ';
		$end    = $start + strlen( $mark );
		$after  = $text[ $end ] ?? ' ';
		$open   = 1 === strlen( $mark ) ? $italic : ( 2 === strlen( $mark ) ? $bold : $bold && $italic );
		if ( '_' === $mark[0] && self::is_word( $before ) && self::is_word( $after ) ) {
			return false;
		}
		return $open ? ! ctype_space( $before ) : ! ctype_space( $after ) && false !== strpos( $text, $mark, $end );
	}

	private static function is_word( string $byte ): bool {
		return ctype_alnum( $byte ) || ord( $byte ) > 127;
	}

	/** @param list<array<string,mixed>> $runs */
	private static function merge( array $runs ): array {
		$merged = array();
		foreach ( $runs as $run ) {
			$last = array_key_last( $merged );
			if ( null !== $last && array_diff_key( $merged[ $last ], array( 'text' => 1 ) ) === array_diff_key( $run, array( 'text' => 1 ) ) ) {
				$merged[ $last ]['text'] .= $run['text'];
			} else {
				$merged[] = $run;
			}
		}
		return $merged;
	}
}
