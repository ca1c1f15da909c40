<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/**
 * Reads `summary_blocks` of docs/protocol.md, section 7: text in, nothing else. Nothing is refused: what is null or missing is empty,
 * and what has another form is changed, or left out, and named.
 */
final class Blocks {

	private const TEXT = 200_000;
	private const MANY = 5_000;

	/** Cells of one row. */
	private const WIDE = 200;

	/** Of a document: more than any has. */
	public const PAGES = 1_000_000;

	private const MARKS = array( 'bold', 'italic', 'code' );

	/** The fields of each type. */
	private const FIELDS = array(
		'heading'   => array( 'level', 'runs' ),
		'paragraph' => array( 'runs' ),
		'quote'     => array( 'runs' ),
		'list'      => array( 'ordered', 'items' ),
		'code'      => array( 'text' ),
		'table'     => array( 'header', 'rows' ),
	);

	private function __construct( private readonly Adjustments $adjusted ) {}

	/**
	 * @param list<mixed> $given As decoded from JSON.
	 * @return list<array<string,mixed>> Each with every field of its type.
	 */
	public static function read( array $given, ?Adjustments $adjusted = null ): array {
		$reader = new self( $adjusted ?? new Adjustments() );
		$blocks = array();
		foreach ( array_slice( $given, 0, Allowance::BLOCKS + 1 ) as $i => $block ) {
			$blocks[] = $reader->block( $block, "summary_blocks[$i]" );
		}
		return Abridger::abridge( array_values( array_filter( $blocks ) ) );
	}

	/** @return array<string,mixed>|null Null where there is no text in it. */
	private function block( mixed $block, string $path ): ?array {
		if ( ! $block instanceof \stdClass ) {
			$this->adjusted->add( $path );
			return is_string( $block ) ? self::paragraph( $this->runs( array( (object) array( 'text' => $block ) ), $path ) ) : null;
		}
		$type = is_string( $block->type ?? null ) ? $block->type : '';
		if ( ! isset( self::FIELDS[ $type ] ) ) {
			$this->adjusted->add( "$path.type" );
			return $this->unknown( $block, $path );
		}
		$this->others( $block, array( 'type', ...self::FIELDS[ $type ] ), $path );
		return array( 'type' => $type ) + match ( $type ) {
			'heading'            => array(
				'level' => $this->level( $block->level ?? null, "$path.level" ),
				'runs'  => $this->runs( $block->runs ?? null, "$path.runs" ),
			),
			'paragraph', 'quote' => array( 'runs' => $this->runs( $block->runs ?? null, "$path.runs" ) ),
			'list'               => array(
				'ordered' => $this->flag( $block->ordered ?? null, "$path.ordered" ),
				'items'   => $this->cells( $block->items ?? null, self::MANY, "$path.items" ),
			),
			'code'               => array( 'text' => $this->text( $block->text ?? null, "$path.text" ) ),
			'table'              => array(
				'header' => $this->cells( $block->header ?? null, self::WIDE, "$path.header" ),
				'rows'   => $this->rows( $block->rows ?? null, "$path.rows" ),
			),
		};
	}

	/** A type of a later version: what it says is kept where it stands in the usual fields. */
	private function unknown( \stdClass $block, string $path ): ?array {
		$runs = $block->runs ?? ( is_string( $block->text ?? null ) ? array( (object) array( 'text' => $block->text ) ) : null );
		return null === $runs ? null : self::paragraph( $this->runs( $runs, "$path.runs" ) );
	}

	/** @return array{type:string,runs:list<array<string,mixed>>} */
	private static function paragraph( array $runs ): array {
		return array(
			'type' => 'paragraph',
			'runs' => $runs,
		);
	}

	private function level( mixed $level, string $path ): int {
		$fits = is_int( $level ) && $level >= 2 && $level <= 4;
		if ( ! $fits ) {
			$this->adjusted->add( $path );
		}
		return is_int( $level ) ? max( 2, min( 4, $level ) ) : 2;
	}

	/** @return list<list<list<array<string,mixed>>>> */
	private function rows( mixed $rows, string $path ): array {
		$read = array();
		foreach ( $this->listed( $rows, self::MANY, $path ) as $i => $row ) {
			$read[] = $this->cells( $row, self::WIDE, "{$path}[$i]" );
		}
		return $read;
	}

	/** @return list<list<array<string,mixed>>> A row of cells, or the items of a list. */
	private function cells( mixed $cells, int $many, string $path ): array {
		$read = array();
		foreach ( $this->listed( $cells, $many, $path ) as $i => $runs ) {
			$read[] = $this->runs( $runs, "{$path}[$i]" );
		}
		return $read;
	}

	/** @return list<array{text:string,bold?:bool,italic?:bool,code?:bool,page?:int}> */
	private function runs( mixed $runs, string $path ): array {
		$read = array();
		foreach ( $this->listed( $runs, self::MANY, $path ) as $i => $run ) {
			$read[] = $this->run( $run, "{$path}[$i]" );
		}
		return $read;
	}

	/** @return array{text:string,bold?:bool,italic?:bool,code?:bool,page?:int} */
	private function run( mixed $run, string $path ): array {
		if ( ! $run instanceof \stdClass ) {
			return array( 'text' => null === $run ? '' : $this->text( $run, $path, true ) );
		}
		$this->others( $run, array( 'text', 'page', ...self::MARKS ), $path );
		$read = array( 'text' => $this->text( $run->text ?? null, "$path.text" ) );
		foreach ( self::MARKS as $mark ) {
			if ( $this->flag( $run->$mark ?? null, "$path.$mark" ) ) {
				$read[ $mark ] = true;
			}
		}
		$page = $run->page ?? null;
		if ( is_int( $page ) && $page >= 1 && $page <= self::PAGES ) {
			$read['page'] = $page;
		} elseif ( null !== $page ) {
			$this->adjusted->add( "$path.page" );
		}
		return $read;
	}

	/** @param bool $odd Whether it is odd to find text here. */
	private function text( mixed $text, string $path, bool $odd = false ): string {
		$read = is_string( $text ) || is_int( $text ) || is_float( $text ) ? (string) $text : '';
		if ( $odd || ( null !== $text && ! is_string( $text ) ) || strlen( $read ) > 4 * self::TEXT || mb_strlen( $read, 'UTF-8' ) > self::TEXT ) {
			$this->adjusted->add( $path );
		}
		return mb_substr( $read, 0, self::TEXT, 'UTF-8' );
	}

	private function flag( mixed $flag, string $path ): bool {
		if ( null !== $flag && ! is_bool( $flag ) ) {
			$this->adjusted->add( $path );
		}
		return true === $flag;
	}

	/** @return list<mixed> */
	private function listed( mixed $given, int $many, string $path ): array {
		if ( is_string( $given ) ) {
			$this->adjusted->add( $path );
			return array( $given );
		}
		if ( ( null !== $given && ! is_array( $given ) ) || ( is_array( $given ) && count( $given ) > $many ) ) {
			$this->adjusted->add( $path );
		}
		return is_array( $given ) ? array_slice( $given, 0, $many ) : array();
	}

	/** Names the fields that this version does not know. */
	private function others( \stdClass $given, array $known, string $path ): void {
		foreach ( array_diff( array_keys( get_object_vars( $given ) ), $known ) as $name ) {
			$this->adjusted->add( "$path.$name" );
		}
	}
}
