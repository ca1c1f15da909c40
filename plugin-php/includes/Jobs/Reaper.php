<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

use AIDoc\Clock;
use AIDoc\Text;

/** Puts back leases that ran out, and gives up documents that take agents down. */
final class Reaper {

	private const BATCH = 50;

	public function __construct(
		private readonly Leases $leases,
		private readonly Clock $clock,
		private readonly Events $events,
		private readonly Doorbell $doorbell,
	) {}

	/** @return int How many leases were put back or given up. */
	public function run(): int {
		$reaped = 0;
		$freed  = 0;
		foreach ( $this->leases->expired( self::BATCH ) as $job ) {
			$next = $this->put_back( $job );
			if ( $next ) {
				++$reaped;
				$freed += State::Queued === $next ? 1 : 0;
			}
		}
		if ( $freed > 0 ) {
			$this->doorbell->ring();
		}
		return $reaped;
	}

	private function put_back( Job $job ): ?State {
		$where    = '' === $job->phase ? '' : ' ' . $job->phase . ( $job->total ? " {$job->done}/{$job->total}" : '' );
		$failures = Failures::append( $job, $job->agentName, 'crash', 'lease_expired', Text::clip( "The agent went silent.$where", 200 ), $this->clock->now_ms() );
		$poison   = Failures::is_poison( $failures );
		$next     = $poison || $job->attempt >= $job->maxAttempts ? State::Failed : State::Queued;
		$crashes  = $job->crashes + 1;
		$message  = Text::clip( State::Failed === $next ? $this->verdict( $poison, $crashes, $failures ) : __( 'The agent went silent; the document waits for the next one.', 'ai-doc-pipeline' ), 500 );
		$code     = State::Failed === $next ? 'aidoc_crashed' : 'lease_expired';
		if ( ! $this->leases->expire( $job, $next, 'crash', $code, $message, $failures, $crashes ) ) {
			return null;
		}
		$this->events->log( State::Failed === $next ? 'failed' : 'expired', $job->id, $job->agentId, $code, $message );
		return $next;
	}

	private function verdict( bool $poison, int $crashes, string $failures ): string {
		$names = implode( ', ', Failures::crashed_on( $failures ) );
		return $poison
			/* translators: 1: number of crashes, 2: names of agents */
			? sprintf( __( 'Processing this document stopped its agent %1$d times (%2$s). Check the file, or the agent’s log, before trying again.', 'ai-doc-pipeline' ), $crashes, $names )
			/* translators: %s: names of agents */
			: sprintf( __( 'The agent went silent in the last attempt (%s). Check that it runs, then try again.', 'ai-doc-pipeline' ), $names );
	}
}
