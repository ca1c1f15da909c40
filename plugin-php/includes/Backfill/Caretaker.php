<?php
declare( strict_types=1 );

namespace AIDoc\Backfill;

use AIDoc\Clock;

/** Looks after a backfill that has come to a stand: its tick has died, or nothing runs WP-Cron. Queue\Housekeeping calls it. */
final class Caretaker {

	/** Who works on it is heard of more often. */
	private const IDLE_MS = 10_000;

	/** @param \Closure():Runner $runner */
	public function __construct(
		private readonly Schedule $schedule,
		private readonly \Closure $runner,
		private readonly Clock $clock,
	) {}

	/** By cron: the next tick is ordered. */
	public function revive(): void {
		$this->schedule->revive( $this->clock->now_ms() );
	}

	/** By a request of an agent, now and then: one page of the library. */
	public function nudge(): void {
		( $this->runner )()->nudge( self::IDLE_MS );
	}
}
