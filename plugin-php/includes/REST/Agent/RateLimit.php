<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Pace;
use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\RefusalLog;

/** For routes that an agent may not use without end. */
final class RateLimit {

	public function __construct(
		private readonly Agents $agents,
		private readonly RefusalLog $refusals,
	) {}

	/** @return \WP_REST_Response|null The refusal, which says when to come back; null where the agent may go on. */
	public function refused( int $agent_id, Pace $pace, int $number = 1 ): ?\WP_REST_Response {
		$wait_ms = $this->agents->spend( $agent_id, $pace, max( 1, min( Pace::MOST, $number ) ) );
		if ( 0 === $wait_ms ) {
			return null;
		}
		$seconds = max( 1, (int) ceil( $wait_ms / 1000 ) );
		/* translators: %d: number of seconds */
		$sentence = sprintf( __( 'Too many requests of this agent; it may continue in %d seconds.', 'ai-doc-pipeline' ), $seconds );
		$this->refusals->add( 'aidoc_rate_limited', "agent $agent_id", $agent_id );
		$answer = rest_convert_error_to_response( new \WP_Error( 'aidoc_rate_limited', $sentence, array( 'status' => 429 ) ) );
		$answer->header( 'Retry-After', (string) $seconds );
		return $answer;
	}
}
