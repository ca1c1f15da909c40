<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Pace;
use AIDoc\Auth\Principal;
use AIDoc\Queue\LeaseRef;
use AIDoc\Text;

/** POST /release: leases come back unworked. */
final class ReleaseRoute extends AgentRoute {

	use Paced;

	protected function fields(): array {
		return array(
			'leases' => Field::list( Field::object( self::lease_fields() ), 256 )->nullable(),
			'reason' => Field::text( 500 ),
		);
	}

	protected function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_REST_Response|\WP_Error {
		$refused = $this->too_often( $principal->agentId, Pace::Ending, count( $body['leases'] ?? array() ) );
		if ( $refused ) {
			return $refused;
		}
		$released = array();
		$lost     = array();
		foreach ( $body['leases'] ?? array() as $lease ) {
			$ref = LeaseRef::from_body( $lease, $principal->agentId );
			if ( $this->plugin->leases()->release( $ref ) ) {
				$released[] = $ref->jobId;
				$this->plugin->events()->log( 'released', $ref->jobId, $ref->agentId, '', Text::clip( $body['reason'], 200 ) );
			} else {
				$lost[] = $ref->jobId;
			}
		}
		if ( $released ) {
			$this->plugin->doorbell()->ring();
		}
		return array(
			'released' => $released,
			'lost'     => $lost,
		);
	}
}
