<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Clock;
use AIDoc\Jobs\Events;
use AIDoc\Jobs\Hooks;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\State;

/** Puts back the jobs of leases that ran out, and fails documents that crash agents or have no attempt left. */
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
		$now    = $this->clock->now_ms();
		$over   = Overrun::is( $job );
		$ending = $over ? Overrun::of( $job, $now ) : Crash::of( $job, Crash::SILENT, 'The agent stopped answering.', __( 'The agent stopped answering. The document waits for the next free agent.', 'ai-doc-pipeline' ), $now );
		if ( ! $this->leases->expire( $job, $ending ) ) {
			return null;
		}
		$failed = State::Failed === $ending->next;
		$kind   = $over ? 'attempt_failed' : 'expired';
		$this->events->log( $failed ? 'failed' : $kind, $job->id, $job->agentId, $ending->code, $ending->message, '', $job->epoch );
		if ( $failed ) {
			Hooks::failed( $job->id, $job->attachmentId, $ending->code, $ending->message );
		}
		return $ending->next;
	}
}
