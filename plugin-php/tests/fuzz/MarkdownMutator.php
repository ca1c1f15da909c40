<?php
declare( strict_types=1 );

namespace AIDoc\Tests\Fuzz;

/** Markdown that nobody would write, made from some that people do. The same seed and number give the same text. */
final class MarkdownMutator {

	private const LONGEST = 1200;

	private const TOKENS = array(
		"\n", "\n\n", ' ', '    ', "\t", 'word', 'é', '漢字', "\u{202E}", "\u{00A0}", '*', '**', '***', '_', '__', '`', '``', '```', '~~~', '[', ']', '(', ')', '](', '![',
		'[x](y)', '[x](y "t")', '<', '>', '<https://e.org/>', '<b>', '</p>', '<!-- wp:html -->', '<!-- /wp:paragraph -->', '-->', '\\', '\\*', '\\`', '\\|', '|', '---', '|---|:-:|', "a|b\n-|-\n", '- ', '* ',
		'+ ', '1. ', '2) ', '# ', '## ', ' #', '> ', ':', '"', "'", '&', '&amp;', '&#60;', '&lt;', '[gallery]', '[[x]]', "\r\n", "\x00", "\x1B[31m", 'https://e.org/v', '* * *', '~', '$1', '{"a":1}',
	);

	/** @param list<string> $corpus */
	public function __construct( private readonly array $corpus, private readonly int $seed ) {}

	public function mutant( int $number ): string {
		mt_srand( crc32( "$this->seed/$number" ) );
		$text = 0 === mt_rand( 0, 3 ) ? $this->tokens( mt_rand( 1, 40 ) ) : $this->base();
		for ( $left = mt_rand( 1, 8 ); $left > 0; --$left ) {
			$text = $this->change( $text );
		}
		return mb_scrub( substr( $text, 0, self::LONGEST ), 'UTF-8' );
	}

	/** A piece of a mutant again and again: what takes more than linear time or memory shows itself. */
	public function pumped( int $number, int $bytes ): string {
		$text = $this->mutant( $number );
		$head = $this->slice( $text, mt_rand( 0, 20 ) );
		$unit = $this->slice( $text, mt_rand( 1, 40 ) ) ?: 'a';
		$tail = $this->slice( $text, mt_rand( 0, 20 ) );
		return mb_scrub( $head . str_repeat( $unit, intdiv( $bytes, strlen( $unit ) ) ) . $tail, 'UTF-8' );
	}

	private function change( string $text ): string {
		$at    = mt_rand( 0, strlen( $text ) );
		$piece = $this->slice( $text, mt_rand( 1, 30 ) );
		return match ( mt_rand( 0, 6 ) ) {
			0, 1    => substr_replace( $text, $this->tokens( mt_rand( 1, 4 ) ), $at, 0 ),
			2       => substr_replace( $text, '', $at, mt_rand( 1, 20 ) ),
			3       => substr_replace( $text, str_repeat( $piece, mt_rand( 1, 6 ) ), $at, 0 ),
			4       => substr_replace( $text, $this->slice( $this->base(), mt_rand( 1, 80 ) ), $at, mt_rand( 0, 40 ) ),
			5       => '' === $text ? 'a' : substr_replace( $text, chr( mt_rand( 32, 126 ) ), min( $at, strlen( $text ) - 1 ), 1 ),
			default => substr( $text, 0, $at ) . "\n" . substr( $text, $at ),
		};
	}

	private function tokens( int $count ): string {
		$text = '';
		while ( $count-- > 0 ) {
			$text .= self::TOKENS[ mt_rand( 0, count( self::TOKENS ) - 1 ) ];
		}
		return $text;
	}

	private function base(): string {
		return $this->corpus[ mt_rand( 0, count( $this->corpus ) - 1 ) ];
	}

	private function slice( string $text, int $length ): string {
		return substr( $text, mt_rand( 0, max( 0, strlen( $text ) - $length ) ), $length );
	}
}
