<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Agents\Agent;
use AIDoc\Jobs\Events;
use AIDoc\Jobs\Job;

/** Gives leases. */
final class Claimer {

	/** Enough candidates that many claimers at once rarely meet. */
	private const PAGE = 64;

	/** After so many lost races others are clearly taking the work. */
	private const ROUNDS = 3;

	public function __construct(
		private readonly Leases $leases,
		private readonly Candidates $candidates,
		private readonly LeaseCap $cap,
		private readonly Events $events,
	) {}

	/**
	 * Asked again with the same request_id it returns the same leases while they live: the first answer may be lost.
	 *
	 * @param string[] $mimes
	 * @param int|null $declared   How many slots the agent says it has.
	 * @param bool     $local_only Whether it keeps what is local only to itself; else it gets no such document.
	 * @param bool     $no_other   Whether it takes these alone now.
	 * @return Job[]
	 */
	public function claim( Agent $agent, string $request_id, int $slots, array $mimes, int $max_bytes, ?int $declared = null, bool $local_only = false, bool $no_other = false ): array {
		$held = $this->leases->of_request( $agent->id, $request_id );
		if ( $held || $slots <= 0 ) {
			return $held;
		}
		$allowed = $this->cap->of( $agent, $declared );
		$slots   = min( $slots, $allowed - $this->leases->held_by( $agent->id ) );
		$won     = $slots > 0 ? $this->take( $agent, $request_id, $slots, $mimes, $max_bytes, $local_only, $no_other ) : 0;
		return $won > 0 ? $this->settle( $agent, $request_id, $slots, $allowed ) : array();
	}

	private function take( Agent $agent, string $request_id, int $slots, array $mimes, int $max_bytes, bool $local_only, bool $no_other ): int {
		$won = 0;
		for ( $round = 0; $round < self::ROUNDS && $won < $slots; $round++ ) {
			$page = $this->candidates->page( $mimes, $max_bytes, self::PAGE, $local_only, $no_other );
			foreach ( $page as $candidate ) {
				if ( $won >= $slots ) {
					break;
				}
				if ( $this->leases->claim( $candidate['id'], $candidate['epoch'], $agent->id, $request_id ) ) {
					++$won;
				}
			}
			if ( count( $page ) < self::PAGE ) {
				break;
			}
		}
		return $won;
	}

	/**
	 * A request and its retry may have claimed at the same time: both then see all, and what is too much
	 * is released. So does what several requests together took beyond what the agent may hold.
	 *
	 * @return Job[]
	 */
	private function settle( Agent $agent, string $request_id, int $slots, int $allowed ): array {
		$held = $this->leases->of_request( $agent->id, $request_id );
		$over = $this->leases->surplus( $agent->id, $allowed );
		$keep = array_slice( array_filter( $held, static fn( Job $job ) => ! in_array( $job->id, $over, true ) ), 0, $slots );
		foreach ( $held as $job ) {
			if ( ! in_array( $job, $keep, true ) ) {
				$this->leases->release( new LeaseRef( $job->id, $job->epoch, $job->leaseToken, $agent->id ) );
			}
		}
		$this->events->log_leased( $keep );
		return $keep;
	}
}
