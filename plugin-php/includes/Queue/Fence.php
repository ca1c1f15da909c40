<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Jobs\Job;
use AIDoc\Jobs\Manager;
use AIDoc\Jobs\State;

/** The table of docs/protocol.md, section 5: the answer to a write under a lease that matched no row. */
final class Fence {

	/** @return string '' where the lease still stands, else the error code. A lease that ran out stands until it is put back. */
	public static function check( ?Job $job, LeaseRef $ref ): string {
		if ( ! $job ) {
			return 'aidoc_job_unknown';
		}
		if ( State::Cancelled === $job->state ) {
			return Manager::SOURCE_CHANGED === $job->errorCode ? Manager::SOURCE_CHANGED : Manager::CANCELLED;
		}
		return State::Leased === $job->state && self::holds( $job, $ref ) ? '' : 'aidoc_lease_lost';
	}

	/** The same for a write that has matched no row although the lease may stand: then it is lost by now. */
	public static function refusal( ?Job $job, LeaseRef $ref ): string {
		$code = self::check( $job, $ref );
		return '' === $code ? 'aidoc_lease_lost' : $code;
	}

	public static function holds( Job $job, LeaseRef $ref ): bool {
		return $job->epoch === $ref->epoch && $job->agentId === $ref->agentId && '' !== $ref->token && hash_equals( $job->leaseToken, $ref->token );
	}

	public static function error( string $code ): \WP_Error {
		return match ( $code ) {
			'aidoc_job_unknown'     => new \WP_Error( $code, __( 'There is no such job.', 'ai-doc-pipeline' ), array( 'status' => 404 ) ),
			Manager::CANCELLED      => new \WP_Error( $code, __( 'The job was cancelled by an administrator.', 'ai-doc-pipeline' ), array( 'status' => 410 ) ),
			Manager::SOURCE_CHANGED => new \WP_Error( $code, __( 'The attachment was replaced or deleted since the lease was given.', 'ai-doc-pipeline' ), array( 'status' => 409 ) ),
			'aidoc_result_conflict' => new \WP_Error( $code, __( 'This result_id was accepted with other content.', 'ai-doc-pipeline' ), array( 'status' => 422 ) ),
			default                 => new \WP_Error( 'aidoc_lease_lost', __( 'The lease is no longer held: the job was put back, or another agent has it.', 'ai-doc-pipeline' ), array( 'status' => 409 ) ),
		};
	}
}
