<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\Text;

/**
 * A small Markdown reader for summaries: headings, paragraphs, flat lists, quotes, fenced code, tables, and bold,
 * italic and code within them. Links and images become their text; HTML stays text. Linear in the size of its input.
 */
final class MarkdownBlocks {

	private const MAX_BLOCKS = 500;

	private const FENCE   = '/^ {0,3}(```+|~~~+)/';
	private const HEADING = '/^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/';
	private const BULLET  = '/^\s{0,12}[-*+][ \t]+(.*)$/';
	private const NUMBER  = '/^\s{0,12}\d{1,9}[.)][ \t]+(.*)$/';
	private const QUOTE   = '/^ {0,3}> ?(.*)$/';
	private const RULE    = '/^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/';
	private const BORDER  = '/^ {0,3}\|?[ \t]*:?-{1,}:?[ \t]*(?:\|[ \t]*:?-{1,}:?[ \t]*)*\|?[ \t]*$/';

	/** @var string[] */
	private array $lines;
	private int $at = 0;

	private function __construct( string $markdown ) {
		$this->lines = explode( "\n", Text::lines( $markdown ) );
	}

	/** @return list<array<string,mixed>> As Blocks::read() gives them. */
	public static function parse( string $markdown ): array {
		$reader = new self( $markdown );
		$blocks = array();
		while ( $reader->at < count( $reader->lines ) && count( $blocks ) < self::MAX_BLOCKS ) {
			$block = $reader->next();
			if ( $block ) {
				$blocks[] = $block;
			}
		}
		return $blocks;
	}

	private function next(): ?array {
		$line = $this->lines[ $this->at ];
		if ( '' === trim( $line ) || preg_match( self::RULE, $line ) ) {
			++$this->at;
			return null;
		}
		if ( preg_match( self::FENCE, $line, $part ) ) {
			return $this->fence( $part[1] );
		}
		if ( preg_match( self::HEADING, $line, $part ) ) {
			++$this->at;
			return array(
				'type'  => 'heading',
				'level' => max( 2, min( 4, strlen( $part[1] ) ) ),
				'runs'  => Inline::parse( $part[2] ),
			);
		}
		return match ( true ) {
			(bool) preg_match( self::QUOTE, $line )  => array( 'type' => 'quote', 'runs' => Inline::parse( implode( "\n", $this->take( self::QUOTE ) ) ) ),
			(bool) preg_match( self::BULLET, $line ) => $this->list( self::BULLET, false ),
			(bool) preg_match( self::NUMBER, $line ) => $this->list( self::NUMBER, true ),
			$this->is_table()                        => $this->table(),
			default                                  => $this->paragraph(),
		};
	}

	private function fence( string $mark ): array {
		$text = array();
		$end  = '/^ {0,3}' . preg_quote( $mark[0], '/' ) . '{' . strlen( $mark ) . ',}[ \t]*$/';
		for ( ++$this->at; $this->at < count( $this->lines ) && ! preg_match( $end, $this->lines[ $this->at ] ); ++$this->at ) {
			$text[] = $this->lines[ $this->at ];
		}
		++$this->at;
		return array( 'type' => 'code', 'text' => implode( "\n", $text ) );
	}

	/** @return string[] The rest of each following line that matches. */
	private function take( string $pattern ): array {
		$taken = array();
		while ( isset( $this->lines[ $this->at ] ) && preg_match( $pattern, $this->lines[ $this->at ], $part ) ) {
			$taken[] = $part[1];
			++$this->at;
		}
		return $taken;
	}

	private function list( string $pattern, bool $ordered ): array {
		$items = array();
		while ( isset( $this->lines[ $this->at ] ) ) {
			$line = $this->lines[ $this->at ];
			if ( preg_match( $pattern, $line, $part ) && ! preg_match( self::RULE, $line ) ) {
				$items[] = $part[1];
			} elseif ( $items && '' !== trim( $line ) && preg_match( '/^\s+\S/', $line ) ) {
				$items[ array_key_last( $items ) ] .= ' ' . trim( (string) preg_replace( '/^\s*(?:[-*+]|\d{1,9}[.)])\s+/', '', $line ) );
			} elseif ( '' !== trim( $line ) || ! preg_match( $pattern, $this->lines[ $this->at + 1 ] ?? '' ) ) {
				break;
			}
			++$this->at;
		}
		return array(
			'type'    => 'list',
			'ordered' => $ordered,
			'items'   => array_map( array( Inline::class, 'parse' ), $items ),
		);
	}

	private function is_table(): bool {
		return str_contains( $this->lines[ $this->at ], '|' ) && preg_match( self::BORDER, $this->lines[ $this->at + 1 ] ?? '' ) && str_contains( $this->lines[ $this->at + 1 ], '-' );
	}

	private function table(): array {
		$cells = static fn( string $line ): array => array_map(
			static fn( string $cell ) => Inline::parse( str_replace( '\\|', '|', trim( $cell ) ) ),
			(array) preg_split( '/(?<!\\\\)\|/', (string) preg_replace( '/^\||(?<!\\\\)\|$/', '', trim( $line ) ) )
		);
		$header    = $cells( $this->lines[ $this->at ] );
		$this->at += 2;
		$rows      = array();
		while ( isset( $this->lines[ $this->at ] ) && str_contains( $this->lines[ $this->at ], '|' ) ) {
			$rows[] = $cells( $this->lines[ $this->at ] );
			++$this->at;
		}
		return array( 'type' => 'table', 'header' => $header, 'rows' => $rows );
	}

	private function paragraph(): array {
		$text = array();
		do {
			$text[] = trim( $this->lines[ $this->at ] );
			++$this->at;
		} while ( isset( $this->lines[ $this->at ] ) && ! $this->starts_block( $this->lines[ $this->at ] ) );
		return array( 'type' => 'paragraph', 'runs' => Inline::parse( implode( ' ', $text ) ) );
	}

	private function starts_block( string $line ): bool {
		if ( '' === trim( $line ) ) {
			return true;
		}
		foreach ( array( self::FENCE, self::HEADING, self::BULLET, self::NUMBER, self::QUOTE, self::RULE ) as $pattern ) {
			if ( preg_match( $pattern, $line ) ) {
				return true;
			}
		}
		return false;
	}
}
