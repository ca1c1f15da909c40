<?php

declare( strict_types=1 );

namespace AIDoc\Media;

/** The pages of a document that could not be read, in words. */
final class MissingPages {

	/** So many numbers or ranges are named; a sentence with more is not read by anybody. */
	private const NAMED = 8;

	/** @param list<int> $missing Page numbers, sorted, each once; not empty. */
	private function __construct(
		private readonly int $pages,
		private readonly array $missing,
	) {}

	/**
	 * @param int $pages Pages that were to be read.
	 * @param int $first The first of them.
	 * @return self|null Null where nothing is missing.
	 */
	public static function of( int $pages, array $missing, int $first = 1 ): ?self {
		$missing = array_values( array_unique( array_filter( array_map( 'intval', $missing ), static fn( int $page ): bool => $page > 0 ) ) );
		sort( $missing );
		return $missing ? new self( max( $pages, count( $missing ), end( $missing ) - $first + 1 ), $missing ) : null;
	}

	/** "61 of 62 pages were read; page 37 could not be." */
	public function sentence(): string {
		$count = count( $this->missing );
		return sprintf(
			1 === $count
				/* translators: 1: pages that were read, 2: pages of the document, 3: number of the page that was not. */
				? __( '%1$s of %2$s pages were read; page %3$s could not be.', 'ai-doc-pipeline' )
				/* translators: 1: pages that were read, 2: pages of the document, 3: the pages that were not, such as "3–5 and 9". */
				: __( '%1$s of %2$s pages were read; pages %3$s could not be.', 'ai-doc-pipeline' ),
			number_format_i18n( $this->pages - $count ),
			number_format_i18n( $this->pages ),
			$this->ranges()
		);
	}

	/** "Retry page 37" or "Retry 4 pages". */
	public function button(): string {
		$count = count( $this->missing );
		return 1 === $count
			/* translators: %s: number of a page. */
			? sprintf( __( 'Retry page %s', 'ai-doc-pipeline' ), number_format_i18n( $this->missing[0] ) )
			/* translators: %s: how many pages. */
			: sprintf( _n( 'Retry %s page', 'Retry %s pages', $count, 'ai-doc-pipeline' ), number_format_i18n( $count ) );
	}

	/** "61/62", for a tile. */
	public function badge(): string {
		return sprintf( '%d/%d', $this->pages - count( $this->missing ), $this->pages );
	}

	private function ranges(): string {
		$parts = array();
		foreach ( $this->runs() as list( $first, $last ) ) {
			$parts[] = $first === $last
				? number_format_i18n( $first )
				/* translators: 1: first page, 2: last page, as in "3–5". */
				: sprintf( __( '%1$s–%2$s', 'ai-doc-pipeline' ), number_format_i18n( $first ), number_format_i18n( $last ) );
		}
		if ( count( $parts ) > self::NAMED ) {
			$shown = array_slice( $this->runs(), 0, self::NAMED );
			$named = array_sum( array_map( static fn( array $run ): int => $run[1] - $run[0] + 1, $shown ) );
			$parts = array_slice( $parts, 0, self::NAMED );
			/* translators: %s: number of further pages, the last item of a list of pages. */
			$parts[] = sprintf( __( '%s more', 'ai-doc-pipeline' ), number_format_i18n( count( $this->missing ) - $named ) );
		}
		return wp_sprintf( '%l', $parts );
	}

	/** @return list<array{0:int,1:int}> First and last page of each run. */
	private function runs(): array {
		$runs = array();
		foreach ( $this->missing as $page ) {
			$at = array_key_last( $runs );
			if ( null !== $at && $runs[ $at ][1] === $page - 1 ) {
				$runs[ $at ][1] = $page;
			} else {
				$runs[] = array( $page, $page );
			}
		}
		return $runs;
	}
}
