<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Directives;
use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\Caller;
use AIDoc\Auth\Principal;
use AIDoc\Clock;
use AIDoc\Jobs\Events;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\Manager;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Queue\Fence;
use AIDoc\Queue\Housekeeping;
use AIDoc\Queue\LeaseRef;
use AIDoc\Queue\Leases;
use AIDoc\Queue\Reaper;
use AIDoc\Queue\Spending;
use AIDoc\Queue\Spent;
use AIDoc\Text;

/** POST /beat: renews all leases of an agent and takes their progress. */
final class BeatRoute extends AgentRoute {

	/** Agents take less for nonsense. */
	private const LEAST_MS = 1_000;

	public function __construct(
		private readonly Caller $caller,
		private readonly Directives $directives,
		private readonly Agents $agents,
		private readonly Jobs $jobs,
		private readonly Leases $leases,
		private readonly Spending $spending,
		private readonly Reaper $reaper,
		private readonly Events $events,
		private readonly Housekeeping $housekeeping,
		private readonly Clock $clock,
	) {}

	public function fields(): array {
		$held = self::lease_fields() + self::spent_field() + array(
			'phase'      => Field::one_of( 'download', 'extract', 'ocr', 'summarise', 'store', 'report' ),
			'done'       => Field::int(),
			'total'      => Field::int(),
			'note'       => Field::text( 200 )->optional(),
			'checkpoint' => Field::object()->optional()->nullable(),
		);
		return array(
			'held'  => Field::list( Field::object( $held ), 256 )->nullable(),
			'agent' => Field::object( self::agent_fields() )->optional()->nullable(),
		);
	}

	public function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_Error {
		$agent = $this->caller->agent( $principal );
		if ( is_wp_error( $agent ) ) {
			return $agent;
		}
		$helds = $body['held'] ?? array();
		foreach ( $helds as $i => $held ) {
			$helds[ $i ]['checkpoint'] = self::checkpoint( $held['checkpoint'] ?? null, "held[$i].checkpoint" );
		}
		$this->agents->seen( $agent, $body['agent'] ?? array() );
		$this->agents->set_stopped( $agent, false );
		$agent  = $this->directives->for_process( $agent, $body['agent'] ?? array() );
		$before = $this->jobs->phases( array_column( $helds, 'job_id' ) );
		$leases = array_map( fn( array $held ) => $this->renew( $held, $agent->id, $before[ $held['job_id'] ] ?? '' ), $helds );
		$this->housekeeping->now_and_then();
		$this->reaper->run(); // After the renewals: a late beat still saves its lease.
		return array(
			'leases'        => $leases,
			'directive'     => $agent->directive,
			'server_now_ms' => $this->clock->now_ms(),
		);
	}

	/**
	 * @param string $before The phase that the job was in.
	 * @return array<string,mixed>
	 */
	private function renew( array $held, int $agent_id, string $before ): array {
		$ref = LeaseRef::from_body( $held, $agent_id );
		$this->spending->book( $ref, Spent::read( $held['spent'] ?? null ) );
		$renewed = $this->leases->beat( $ref, $held['phase'], $held['done'], $held['total'], Text::clip( $held['note'] ?? '', 200 ), $held['checkpoint'] );
		if ( $renewed && $before !== $held['phase'] ) {
			// Once for each phase of a lease: six events at most, however often an agent goes back and forth.
			$this->events->log( 'phase', $ref->jobId, $agent_id, $held['phase'], '', "phase|$ref->jobId|$ref->epoch|{$held['phase']}", $ref->epoch );
		}
		$job     = $this->jobs->find( $ref->jobId );
		$code    = $renewed ? '' : Fence::refusal( $job, $ref );
		$watched = $job && $job->watchedUntilMs > $job->updatedMs;
		$answer  = array(
			'job_id'  => $ref->jobId,
			'epoch'   => $ref->epoch,
			'status'  => match ( $code ) {
				''                                          => 'ok',
				Manager::CANCELLED, Manager::SOURCE_CHANGED => 'cancel',
				default                                     => 'lost',
			},
			'ttl_ms'  => $renewed ? self::left( $job ) : 0,
			'beat_ms' => $watched ? Leases::WATCHED_MS : Leases::BEAT_MS,
		);
		return '' === $code ? $answer : $answer + array( 'reason' => 'aidoc_job_unknown' === $code ? 'aidoc_lease_lost' : $code );
	}

	/**
	 * From the beat on; less than usual where the time that one document may take is nearly over. Told by when the lease was given:
	 * the rest of the row may belong to another holder since.
	 */
	private static function left( ?Job $job ): int {
		$end = $job && $job->claimedMs > 0 ? $job->claimedMs + Leases::MAX_RUNTIME_MS - $job->updatedMs : Leases::TTL_MS;
		return max( self::LEAST_MS, min( Leases::TTL_MS, $end ) );
	}
}
