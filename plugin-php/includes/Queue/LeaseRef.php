<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

/** The fencing token of one lease, as an agent presents it. */
final class LeaseRef {

	public function __construct(
		public readonly int $jobId,
		public readonly int $epoch,
		public readonly string $token,
		public readonly int $agentId,
	) {}

	public static function from_body( array $body, int $agent_id ): self {
		return new self( $body['job_id'], $body['epoch'], $body['lease_token'], $agent_id );
	}
}
