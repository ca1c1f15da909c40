<?php
declare( strict_types=1 );

namespace AIDoc\Backfill;

use AIDoc\Clock;
use AIDoc\Database;
use AIDoc\Jobs\Events;
use AIDoc\Jobs\Unread;
use AIDoc\Queue\Doorbell;
use AIDoc\Settings;

/**
 * Works on a backfill page by page. Any number of runners may, in any process: each page is one transaction that begins with a
 * compare-and-swap on the run's row, so a page is queued once, and a runner that dies in the middle leaves it to the next.
 */
final class Runner {

	/** Documents a page: some tenths of a second, and a statement well below any packet size. */
	public const BATCH = 500;

	public function __construct(
		private readonly Repository $runs,
		private readonly Library $library,
		private readonly Sorter $sorter,
		private readonly Unread $unread,
		private readonly Events $events,
		private readonly Doorbell $doorbell,
		private readonly Settings $settings,
		private readonly Clock $clock,
	) {}

	/**
	 * Works until it is done, paused or stopped, or the time is over.
	 *
	 * @param float                        $seconds At least one page is worked on.
	 * @param (callable(Run):void)|null    $told    Called after each page.
	 * @return Run|null As it is then; null where there is no such run.
	 */
	public function run( int $id, float $seconds = INF, ?callable $told = null ): ?Run {
		$until = microtime( true ) + $seconds;
		do {
			$run = $this->step( $id );
			if ( $run && $told ) {
				$told( $run );
			}
		} while ( $run && Run::RUNNING === $run->state && microtime( true ) < $until );
		return $run;
	}

	/**
	 * Works on the one that is running, unless somebody has within the last so many milliseconds: for those who drive it beside others.
	 *
	 * @param float $seconds At least one page is worked on.
	 */
	public function nudge( int $idle_ms, float $seconds = 0.0 ): ?Run {
		$run = $this->runs->running();
		return $run && $run->updatedMs < $this->clock->now_ms() - $idle_ms ? $this->run( $run->id, $seconds ) : $run;
	}

	/** What a filter is about, in memory: nothing is written. Takes some seconds for a hundred thousand documents. */
	public function count( Filter $filter ): Tally {
		$tally = new Tally();
		$upto  = $this->library->newest();
		$after = 0;
		do {
			$ids   = $this->library->page( $filter, $after, $upto, self::BATCH );
			$full  = self::BATCH === count( $ids );
			$tally = $tally->plus( $this->sorter->sort( $filter, $ids )->tally );
			$after = end( $ids );
			$full  = count( $ids ) === self::BATCH;
			$this->breathe();
		} while ( $full );
		return $tally;
	}

	private function step( int $id ): ?Run {
		$run = $this->runs->find( $id );
		if ( ! $run || Run::RUNNING !== $run->state ) {
			return $run;
		}
		if ( '' !== $run->problem ) {
			$this->runs->set_state( $id, Run::STOPPED, Run::RUNNING );
			return $this->runs->find( $id );
		}
		$ids   = $this->library->page( $run->filter, $run->cursor, $run->upto, self::BATCH );
		$batch = $ids ? $this->sorter->sort( $run->filter, $ids ) : new Batch();
		$added = Database::transaction( fn(): int => $this->write( $run, $batch, $ids ) );
		if ( $added > 0 ) {
			$this->doorbell->ring();
		}
		$this->breathe();
		return $this->runs->find( $id );
	}

	/**
	 * @param int[] $ids
	 * @return int How many jobs were queued.
	 */
	private function write( Run $run, Batch $batch, array $ids ): int {
		if ( ! $this->runs->advance( $run, $ids ? (int) max( $ids ) : $run->upto, count( $ids ) < self::BATCH ) ) {
			return 0;
		}
		$queued = $run->dry ? array() : $this->queue( $batch );
		$missed = $run->dry ? 0 : $batch->tally->queued - count( $queued ); // Somebody else was faster.
		$this->runs->record( $run->id, $run->tally->plus( $batch->tally )->plus( new Tally( queued: -$missed, skipped: $missed ) ) );
		return count( $queued );
	}

	/** @return int[] Ids of jobs. */
	private function queue( Batch $batch ): array {
		$limit = (int) $this->settings->get( 'max_attempts' );
		$ids   = array_merge( $this->unread->insert( $batch->fresh, $limit ), $this->unread->restart( $batch->again, $limit ) );
		$this->events->log_jobs( 'enqueued', $ids, 'backfill' );
		return $ids;
	}

	/** Posts of a hundred thousand attachments do not fit into memory. What other servers cache is left alone. */
	private function breathe(): void {
		if ( wp_cache_supports( 'flush_runtime' ) ) {
			wp_cache_flush_runtime();
		}
	}
}
