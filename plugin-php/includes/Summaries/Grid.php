<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/** Counts the cells of a table as they are shown: every row as wide as the widest. One long row among many short ones is a large table. */
final class Grid {

	public const COLUMNS = 200;

	private int $width = 0;
	private int $rows  = 0;

	public function __construct( private readonly Allowance $allowance ) {}

	/** Whether a row of so many cells is still taken. */
	public function row( int $cells ): bool {
		$width = max( $this->width, $cells );
		if ( ! $this->allowance->pieces( $width + ( $width - $this->width ) * $this->rows ) ) {
			return false;
		}
		$this->width = $width;
		++$this->rows;
		return true;
	}
}
