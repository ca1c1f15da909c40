<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/** While work runs in it, what only the writer may change can be written: the link of a summary to its document, and the fields of the machine. */
final class WriterScope {

	private int $depth = 0;

	/**
	 * @template T
	 * @param callable():T $work
	 * @return T
	 */
	public function run( callable $work ): mixed {
		++$this->depth;
		try {
			return $work();
		} finally {
			--$this->depth;
		}
	}

	public function active(): bool {
		return $this->depth > 0;
	}
}
