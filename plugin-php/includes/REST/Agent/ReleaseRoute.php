<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Pace;
use AIDoc\Auth\Principal;
use AIDoc\Jobs\Events;
use AIDoc\Jobs\Repository;
use AIDoc\Queue\Doorbell;
use AIDoc\Queue\LeaseRef;
use AIDoc\Queue\Leases;
use AIDoc\Queue\Shortfall;
use AIDoc\Queue\Spending;
use AIDoc\Queue\Spent;
use AIDoc\Text;

/** POST /release: leases come back unworked. */
final class ReleaseRoute extends AgentRoute {

	/** The code of a release that waits for a batch of the model's provider. */
	private const BATCH = 'batch';

	public function __construct(
		private readonly RateLimit $limit,
		private readonly Leases $leases,
		private readonly Spending $spending,
		private readonly Repository $jobs,
		private readonly Shortfall $shortfall,
		private readonly Events $events,
		private readonly Doorbell $doorbell,
	) {}

	public function fields(): array {
		return array(
			'leases'        => Field::list( Field::object( self::lease_fields() + self::spent_field() ), 256 )->nullable(),
			'reason'        => Field::text( 500 ),
			'code'          => Field::one_of( 'spend_cap_reached', self::BATCH )->optional(),
			'cost'          => Field::any(),
			'retry_after_s' => Field::int( 1, Leases::MAX_AWAY_S )->optional(),
		);
	}

	public function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_REST_Response|\WP_Error {
		$refused = $this->limit->refused( $principal->agentId, Pace::Ending, count( $body['leases'] ?? array() ) );
		if ( $refused ) {
			return $refused;
		}
		$seconds  = $body['retry_after_s'] ?? 0;
		$batch    = self::BATCH === ( $body['code'] ?? '' );
		$released = array();
		$lost     = array();
		$cost     = isset( $body['code'] ) && ! $batch ? Spent::read( $body['cost'] ?? null ) : null;
		foreach ( $body['leases'] ?? array() as $lease ) {
			$ref = LeaseRef::from_body( $lease, $principal->agentId );
			$this->spending->book( $ref, Spent::read( $lease['spent'] ?? null ) );
			if ( $seconds > 0 ? $this->leases->release_for( $ref, $seconds, $batch ? Leases::BATCH : '' ) : $this->leases->release( $ref ) ) {
				$released[] = $ref->jobId;
				if ( $batch ) {
					$this->spending->forget_share( $ref );
				}
				$this->events->log( 'released', $ref->jobId, $ref->agentId, '', Text::clip( $body['reason'], 200 ), '', $ref->epoch );
				$this->explain( $ref->jobId, $cost );
			} else {
				$lost[] = $ref->jobId;
			}
		}
		if ( $released && 0 === $seconds ) { // Else nobody may take one yet.
			$this->doorbell->ring();
		}
		return array(
			'released' => $released,
			'lost'     => $lost,
		);
	}

	/** A document that costs more than what is left of a cap says so to the editor, and lets others pass. */
	private function explain( int $job_id, ?Spent $cost ): void {
		$short = $cost ? $this->shortfall->of( $cost ) : null;
		$job   = $short ? $this->jobs->find( $job_id ) : null;
		if ( $job && $this->leases->explain( $job, 'aidoc_cap_too_small', $short['text'], $short['wait_ms'] ) ) {
			$this->events->log( 'waiting', $job_id, 0, 'aidoc_cap_too_small', $short['text'] );
		}
	}
}
