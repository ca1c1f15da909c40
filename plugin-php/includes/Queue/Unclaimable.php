<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Agents\Agent;
use AIDoc\Agents\Repository as Agents;
use AIDoc\Jobs\Events;
use AIDoc\Jobs\Repository;

/**
 * A document that no joined agent can take would wait for ever and nobody would know why. It keeps waiting, for an agent that can
 * may join, but its status gives the reason. An agent that is offline counts with the capabilities that it last reported.
 */
final class Unclaimable {

	private const BATCH = 50;

	/** Jobs up to this id were looked at with what the agents can read now. */
	public const OPTION = 'aidoc_explained_upto';

	public function __construct(
		private readonly Leases $leases,
		private readonly Candidates $candidates,
		private readonly Repository $jobs,
		private readonly Agents $agents,
		private readonly Events $events,
	) {}

	/** @param bool $all Look at every waiting job, not only at those that came since the last look. */
	public function run( bool $all ): int {
		$active = array_filter( $this->agents->all(), static fn( Agent $agent ) => 'active' === $agent->state );
		$caps   = array_map( static fn( Agent $agent ) => $agent->capabilities(), array_values( $active ) );
		if ( ! $caps || in_array( null, $caps, true ) ) {
			return 0; // An agent has not reported its capabilities yet.
		}
		$upto  = (int) get_option( self::OPTION, 0 );
		$last  = $this->jobs->last_id();
		$after = $all ? 0 : $upto;
		if ( $last <= $after ) {
			return 0;
		}
		$explained = 0;
		$found     = $this->candidates->unclaimable_by( array_unique( $caps, SORT_REGULAR ), $after, self::BATCH );
		if ( count( $found ) < self::BATCH && $last !== $upto ) {
			update_option( self::OPTION, $last, false );
		}
		foreach ( $found as $job ) {
			list( $code, $message ) = NoReader::reason( $job, $caps );
			if ( $this->leases->explain( $job, $code, $message ) ) {
				++$explained;
				$this->events->log( 'waiting', $job->id, 0, $code, $message );
			}
		}
		return $explained;
	}
}
