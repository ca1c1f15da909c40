<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

/** How long a job waits after a transient failure. */
final class Backoff {

	private const DELAYS_MS = array( 30_000, 120_000, 600_000 );
	private const MAX_MS    = DAY_IN_SECONDS * 1000;

	/**
	 * @param int $attempt       Attempts made so far, from 1.
	 * @param int $retry_after_s What the agent was told by a model or a server; counts when longer.
	 */
	public static function after( int $attempt, int $retry_after_s = 0 ): int {
		$delay = self::DELAYS_MS[ min( max( 1, $attempt ), count( self::DELAYS_MS ) ) - 1 ];
		return min( self::MAX_MS, max( $delay, $retry_after_s * 1000 ) );
	}
}
