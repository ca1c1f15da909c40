<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/**
 * Marks within a block of Markdown. One pass from mark to mark; each question about what follows is answered by a search
 * that is bounded, consumes what it searched, or is remembered. So the time is linear, whatever the text.
 */
final class Inline {

	private const SPECIAL     = '`[!<\\*_';
	private const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
	// NO_START_OPT: else PCRE looks far ahead for the last byte of the pattern first, at every bracket anew.
	private const LINK    = '/(*NO_START_OPT)\[([^\]\[]{0,1000}+)\]\([^()\s]{0,2000}+(?:\s++"[^"]{0,500}+")?\)/A';
	private const ADDRESS = '/(*NO_START_OPT)<(https?:\/\/[^\s<>]{1,2000}+)>/A';

	private const BOLD   = 1;
	private const ITALIC = 2;
	private const CODE   = 4;

	/** @var list<array{text:string,bold?:bool,italic?:bool,code?:bool}> */
	private array $runs = array();

	private int $at    = 0;
	private int $marks = 0; // What is open, of BOLD and ITALIC.
	private int $style = 0; // Of the last run.
	private bool $full = false;

	/** @var array<string,int> Where each emphasis mark occurs last. */
	private array $last = array();

	/** @var array<int,int>|null Where a run of so many backticks occurs last; null until the text was searched to its end. */
	private ?array $ticks = null;

	private function __construct( private readonly string $text, private readonly Allowance $allowance ) {}

	/** @return list<array{text:string,bold?:bool,italic?:bool,code?:bool}> Where the allowance ends, the rest is one run, its marks unread. */
	public static function parse( string $text, ?Allowance $allowance = null ): array {
		$reader = new self( $text, $allowance ?? new Allowance() );
		$reader->read();
		return $reader->runs;
	}

	private function read(): void {
		$length = strlen( $this->text );
		while ( ! $this->full && $this->at < $length ) {
			$plain = strcspn( $this->text, self::SPECIAL, $this->at );
			if ( $plain > 0 ) {
				$this->plain( $plain );
			} else {
				$this->special( $this->text[ $this->at ] );
			}
		}
		$this->plain( $length - $this->at );
	}

	private function special( string $byte ): void {
		match ( $byte ) {
			'`'      => $this->code(),
			'!'      => $this->inside( self::LINK, 1 ),
			'['      => $this->inside( self::LINK ),
			'<'      => $this->inside( self::ADDRESS ),
			'\\'     => $this->escaped(),
			default  => $this->emphasis( $byte ),
		};
	}

	/** The next bytes are themselves. */
	private function plain( int $length ): void {
		$piece     = substr( $this->text, $this->at, $length );
		$this->at += $length;
		$this->add( $piece, $this->marks );
	}

	/** Of a link, an image or an address its text stays. */
	private function inside( string $pattern, int $before = 0 ): void {
		if ( 1 !== preg_match( $pattern, $this->text, $part, 0, $this->at + $before ) ) {
			$this->plain( 1 );
			return;
		}
		$this->at += $before + strlen( $part[0] );
		$this->add( $part[1], $this->marks );
	}

	private function escaped(): void {
		$next = $this->text[ $this->at + 1 ] ?? '';
		if ( '' !== $next && str_contains( self::PUNCTUATION, $next ) ) {
			++$this->at;
		}
		$this->plain( 1 );
	}

	private function code(): void {
		$count = strspn( $this->text, '`', $this->at );
		$start = $this->at + $count;
		$end   = $this->closing( $count, $start );
		if ( null === $end ) {
			$this->plain( $count );
			return;
		}
		$this->at = $end + $count;
		$this->add( trim( substr( $this->text, $start, $end - $start ) ), $this->marks | self::CODE );
	}

	/** Where the next run of exactly so many backticks begins. A search that ends in vain sees all the rest, and is the last one of its kind. */
	private function closing( int $count, int $at ): ?int {
		if ( null !== $this->ticks && ( $this->ticks[ $count ] ?? -1 ) < $at ) {
			return null;
		}
		$seen = array();
		for ( $at = strpos( $this->text, '`', $at ); false !== $at; $at = strpos( $this->text, '`', $at ) ) {
			$length = strspn( $this->text, '`', $at );
			if ( $length === $count ) {
				return $at;
			}
			$seen[ $length ] = $at;
			$at             += $length;
		}
		$this->ticks = $seen;
		return null;
	}

	private function emphasis( string $byte ): void {
		$count = strspn( $this->text, $byte, $this->at, 3 );
		$turns = array(
			1 => self::ITALIC,
			2 => self::BOLD,
			3 => self::BOLD | self::ITALIC,
		)[ $count ];
		if ( $this->is_mark( str_repeat( $byte, $count ), $turns ) ) {
			$this->at    += $count;
			$this->marks ^= $turns;
		} else {
			$this->plain( $count );
		}
	}

	/** An asterisk in `2 * 3` and an underscore in `file_name` are themselves; a mark opens only where it also ends. */
	private function is_mark( string $mark, int $turns ): bool {
		$end    = $this->at + strlen( $mark );
		$before = $this->at > 0 ? $this->text[ $this->at - 1 ] : ' ';
		$after  = $this->text[ $end ] ?? ' ';
		if ( '_' === $mark[0] && self::is_word( $before ) && self::is_word( $after ) ) {
			return false;
		}
		if ( ( $this->marks & $turns ) === $turns ) {
			return ! ctype_space( $before );
		}
		$this->last[ $mark ] ??= (int) strrpos( $this->text, $mark );
		return ! ctype_space( $after ) && $this->last[ $mark ] >= $end;
	}

	private static function is_word( string $byte ): bool {
		return ctype_alnum( $byte ) || ord( $byte ) > 127;
	}

	private function add( string $piece, int $style ): void {
		if ( '' === $piece ) {
			return;
		}
		if ( $this->runs && ( $this->full || $style === $this->style ) ) {
			$this->runs[ array_key_last( $this->runs ) ]['text'] .= $piece;
			return;
		}
		$this->full   = ! $this->allowance->pieces();
		$this->style  = $this->full ? 0 : $style;
		$this->runs[] = array( 'text' => $piece ) + array_filter(
			array(
				'bold'   => (bool) ( $this->style & self::BOLD ),
				'italic' => (bool) ( $this->style & self::ITALIC ),
				'code'   => (bool) ( $this->style & self::CODE ),
			)
		);
	}
}
