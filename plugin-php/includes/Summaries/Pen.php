<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/** Who holds it writes what nobody else may: the tie of a summary to its document, and the fields of the machine. */
final class Pen {

	private int $held = 0;

	/**
	 * @template T
	 * @param callable():T $work
	 * @return T
	 */
	public function write( callable $work ): mixed {
		++$this->held;
		try {
			return $work();
		} finally {
			--$this->held;
		}
	}

	public function held(): bool {
		return $this->held > 0;
	}
}
