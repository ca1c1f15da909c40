<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\Text;

/**
 * A small Markdown reader for summaries: headings, paragraphs, flat lists, quotes, fenced code, tables, and bold,
 * italic and code within them. Links and images become their text; HTML stays text. Linear in the size of its input,
 * and bounded by Allowance in what it makes of it.
 */
final class MarkdownBlocks {

	private const FENCE   = '/^ {0,3}(?:(`{3,}+)[^`]*+$|(~{3,}+))/';
	private const HEADING = '/^ {0,3}(#{1,6})[ \t]+(.*)$/';
	private const BULLET  = '/^\s{0,12}[-*+][ \t]+(.*)$/';
	private const NUMBER  = '/^\s{0,12}\d{1,9}[.)][ \t]+(.*)$/';
	private const QUOTE   = '/^ {0,3}> ?(.*)$/';
	private const ITEM    = '/^\s*(?:[-*+]|\d{1,9}[.)])\s+/';

	private readonly Lines $lines;
	private readonly Allowance $allowance;
	private readonly bool $cut;

	private function __construct( string $markdown ) {
		$this->cut       = strlen( $markdown ) > Allowance::BYTES;
		$this->lines     = new Lines( Text::lines( mb_strcut( $markdown, 0, Allowance::BYTES, 'UTF-8' ) ) );
		$this->allowance = new Allowance();
	}

	/** @return list<array<string,mixed>> As Blocks::read() gives them. */
	public static function parse( string $markdown ): array {
		$reader = new self( $markdown );
		$blocks = $reader->blocks();
		if ( $reader->cut || null !== $reader->lines->line() ) {
			$blocks[] = Allowance::rest_left_out();
		}
		return $blocks;
	}

	/** Ends where the text does, or before the first block that is too much. */
	private function blocks(): array {
		$blocks = array();
		while ( $this->skip_blank() && $this->allowance->block() ) {
			$blocks[] = $this->next();
		}
		return $blocks;
	}

	/** @return bool Whether anything is left. */
	private function skip_blank(): bool {
		while ( null !== $this->lines->line() && ( '' === trim( $this->lines->line() ) || self::is_rule( $this->lines->line() ) ) ) {
			$this->lines->advance();
		}
		return null !== $this->lines->line();
	}

	private function next(): array {
		$line = $this->lines->line();
		return match ( true ) {
			(bool) preg_match( self::FENCE, $line, $part )   => $this->fence( $part[2] ?? $part[1] ),
			(bool) preg_match( self::HEADING, $line, $part ) => $this->heading( strlen( $part[1] ), $part[2] ),
			(bool) preg_match( self::QUOTE, $line )          => $this->quote(),
			(bool) preg_match( self::BULLET, $line )         => $this->list( self::BULLET, false ),
			(bool) preg_match( self::NUMBER, $line )         => $this->list( self::NUMBER, true ),
			$this->is_table()                                => $this->table(),
			default                                          => $this->paragraph(),
		};
	}

	private function runs( string $text ): array {
		return Inline::parse( $text, $this->allowance );
	}

	private function fence( string $mark ): array {
		$text = '';
		$this->lines->advance();
		while ( null !== $this->lines->line() && ! self::ends_fence( $this->lines->line(), $mark ) ) {
			$text .= $this->lines->line() . "\n";
			$this->lines->advance();
		}
		$this->lines->advance();
		return array(
			'type' => 'code',
			'text' => $text,
		);
	}

	/** As many of its marks or more, and nothing else. */
	private static function ends_fence( string $line, string $mark ): bool {
		$indent = strspn( $line, ' ', 0, 4 );
		$rest   = rtrim( substr( $line, $indent ), " \t" );
		return $indent < 4 && strlen( $rest ) >= strlen( $mark ) && strspn( $rest, $mark[0] ) === strlen( $rest );
	}

	private function heading( int $level, string $text ): array {
		$text = rtrim( $text, " \t" );
		$open = rtrim( $text, '#' );
		// Closing marks are marks only after a space: "C#" is a heading's text.
		if ( $open !== $text && '' !== $open && strspn( $open, " \t", -1 ) === 1 ) {
			$text = rtrim( $open, " \t" );
		}
		$this->lines->advance();
		return array(
			'type'  => 'heading',
			'level' => max( 2, min( 4, $level ) ),
			'runs'  => $this->runs( $text ),
		);
	}

	private function quote(): array {
		$text = '';
		while ( null !== $this->lines->line() && preg_match( self::QUOTE, $this->lines->line(), $part ) && $this->allowance->pieces() ) {
			$text .= $part[1] . "\n";
			$this->lines->advance();
		}
		return array(
			'type' => 'quote',
			'runs' => $this->runs( rtrim( $text, "\n" ) ),
		);
	}

	private function list( string $pattern, bool $ordered ): array {
		$items = array();
		$item  = null;
		while ( null !== $this->lines->line() ) {
			$line = $this->lines->line();
			if ( preg_match( $pattern, $line, $part ) && ! self::is_rule( $line ) ) {
				if ( ! $this->allowance->pieces() ) {
					break;
				}
				if ( null !== $item ) {
					$items[] = $this->runs( $item );
				}
				$item = $part[1];
			} elseif ( null !== $item && preg_match( '/^\s+\S/', $line ) ) {
				$item .= ' ' . trim( (string) preg_replace( self::ITEM, '', $line ) );
			} elseif ( '' !== trim( $line ) || ! preg_match( $pattern, $this->lines->ahead() ?? '' ) ) {
				break;
			}
			$this->lines->advance();
		}
		if ( null !== $item ) {
			$items[] = $this->runs( $item );
		}
		return array(
			'type'    => 'list',
			'ordered' => $ordered,
			'items'   => $items,
		);
	}

	private function is_table(): bool {
		$ahead = $this->lines->ahead() ?? '';
		return str_contains( $this->lines->line(), '|' ) && str_contains( $ahead, '-' ) && self::is_border( $ahead );
	}

	/** `|---|:-:|`, with or without the outer bars. */
	private static function is_border( string $line ): bool {
		if ( preg_match( '/^\s*\|/', $line ) && ! preg_match( '/^ {0,3}\|/', $line ) ) {
			return false;
		}
		$line = trim( $line );
		$end  = strlen( $line );
		$at   = strspn( $line, '|', 0, 1 );
		do {
			$at    += strspn( $line, " \t", $at );
			$at    += strspn( $line, ':', $at, 1 );
			$dashes = strspn( $line, '-', $at );
			$at    += $dashes;
			$at    += strspn( $line, ':', $at, 1 );
			$at    += strspn( $line, " \t", $at );
			$bar    = strspn( $line, '|', $at, 1 );
			$at    += $bar;
		} while ( $dashes > 0 && $bar > 0 && $at < $end );
		return $dashes > 0 && $end === $at;
	}

	private function table(): array {
		$grid   = new Grid( $this->allowance );
		$header = $this->cells( $grid, $this->lines->line() );
		$rows   = array();
		if ( null === $header ) {
			return array( 'type' => 'table' );
		}
		$this->lines->advance();
		$this->lines->advance();
		while ( null !== $this->lines->line() && str_contains( $this->lines->line(), '|' ) ) {
			$row = $this->cells( $grid, $this->lines->line() );
			if ( null === $row ) {
				break;
			}
			$rows[] = $row;
			$this->lines->advance();
		}
		return array(
			'type'   => 'table',
			'header' => $header,
			'rows'   => $rows,
		);
	}

	/** @return list<array>|null Null where the row is too much. Beyond the last column a row stays as it is written. */
	private function cells( Grid $grid, string $line ): ?array {
		$line  = (string) preg_replace( '/^\|/', '', trim( $line ) );
		$line  = str_ends_with( $line, '|' ) && ! str_ends_with( $line, '\\|' ) ? substr( $line, 0, -1 ) : $line;
		$cells = preg_split( '/(?<!\\\\)\|/', $line, Grid::COLUMNS );
		return $grid->row( count( $cells ) ) ? array_map( fn( string $cell ) => $this->runs( str_replace( '\\|', '|', trim( $cell ) ) ), $cells ) : null;
	}

	private function paragraph(): array {
		$text = '';
		do {
			$text .= trim( $this->lines->line() ) . ' ';
			$this->lines->advance();
		} while ( null !== $this->lines->line() && ! self::starts_block( $this->lines->line() ) );
		return array(
			'type' => 'paragraph',
			'runs' => $this->runs( rtrim( $text ) ),
		);
	}

	private static function starts_block( string $line ): bool {
		if ( '' === trim( $line ) || self::is_rule( $line ) ) {
			return true;
		}
		foreach ( array( self::FENCE, self::HEADING, self::BULLET, self::NUMBER, self::QUOTE ) as $pattern ) {
			if ( preg_match( $pattern, $line ) ) {
				return true;
			}
		}
		return false;
	}

	/** Three or more of one mark, and spaces. */
	private static function is_rule( string $line ): bool {
		$indent = strspn( $line, ' ', 0, 4 );
		$mark   = $line[ $indent ] ?? '';
		if ( $indent > 3 || '' === $mark || ! str_contains( '-*_', $mark ) || strspn( $line, "$mark \t", $indent ) + $indent < strlen( $line ) ) {
			return false;
		}
		return substr_count( $line, $mark ) >= 3;
	}
}
