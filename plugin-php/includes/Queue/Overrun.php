<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Jobs\Job;
use AIDoc\Jobs\State;

/**
 * A lease that was kept alive for longer than one document may take. Its holder beats, so nothing crashed and no
 * crash is counted against the document: an attempt has failed, as when the agent itself says that time is up.
 */
final class Overrun {

	/** The code by which an agent says the same of its own work. */
	public const CODE = 'max_runtime';

	/** Beats renewed it to the very end. The lease of an agent that stopped answering before ran out sooner, however late that is noticed. */
	public static function is( Job $job ): bool {
		return $job->claimedMs > 0 && $job->leaseExpiresMs >= $job->claimedMs + Leases::MAX_RUNTIME_MS;
	}

	public static function of( Job $job, int $now_ms ): Ending {
		/* translators: %d: number of hours */
		$message  = sprintf( __( 'The agent had this document for %d hours, longer than this site allows. Split the document, or give it to a quicker agent.', 'ai-doc-pipeline' ), intdiv( Leases::MAX_RUNTIME_MS, HOUR_IN_SECONDS * 1000 ) );
		$failures = Failures::append( $job, $job->agentName, 'transient', self::CODE, $message, $now_ms );
		$failed   = $job->attempt >= $job->maxAttempts;
		return new Ending( $failed ? State::Failed : State::Queued, 'transient', self::CODE, $message, $failures, $job->crashes, $failed ? 0 : Backoff::after( $job->attempt ) );
	}
}
