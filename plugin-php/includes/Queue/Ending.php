<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Jobs\State;

/** How the site itself ends a lease: the next state of the job, and the evidence. */
final class Ending {

	/**
	 * @param string   $errorClass `crash` or `transient`.
	 * @param string   $message  One sentence for the editor.
	 * @param string   $failures JSON; see Failures.
	 * @param int      $crashes  How many there were in all.
	 * @param int|null $waitMs   How long the job waits; null keeps its place in the queue, because the document was not the cause.
	 */
	public function __construct(
		public readonly State $next,
		public readonly string $errorClass,
		public readonly string $code,
		public readonly string $message,
		public readonly string $failures,
		public readonly int $crashes,
		public readonly ?int $waitMs = null,
	) {}
}
