<?php
declare( strict_types=1 );

namespace AIDoc\Backfill;

use AIDoc\Jobs\Facts;
use AIDoc\Jobs\Job;

/** What is to be done with one page of the library. */
final class Batch {

	/**
	 * @param Facts[] $fresh Documents that get a job.
	 * @param Job[]   $again Jobs that are queued once more.
	 * @param Tally   $tally As if all of them were queued.
	 */
	public function __construct(
		public readonly array $fresh = array(),
		public readonly array $again = array(),
		public readonly Tally $tally = new Tally(),
	) {}
}
