<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Jobs\Events;
use AIDoc\Jobs\Facts;
use AIDoc\Jobs\Hooks;
use AIDoc\Jobs\Inspector;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\Manager;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Jobs\State;
use AIDoc\Jobs\Unread;

/**
 * A backfill queues documents without opening their files. Each file is looked at when its job is leased: it gets its digest, or turns
 * out to be nothing that could be read.
 */
final class Digests {

	/** So long may a request for leases hash, all of them together; an agent waits for the answer. */
	private const SECONDS = 2.0;

	public function __construct(
		private readonly Jobs $jobs,
		private readonly Unread $unread,
		private readonly Inspector $inspector,
		private readonly Leases $leases,
		private readonly Events $events,
	) {}

	/**
	 * @param Job[] $jobs    Leased, and nobody was told yet.
	 * @param float $seconds For all of them. A file for which there was no time keeps the digest '', and is hashed when it is fetched.
	 * @return Job[] Those that can be read.
	 */
	public function complete( array $jobs, float $seconds = self::SECONDS ): array {
		$until = microtime( true ) + $seconds;
		return array_values( array_filter( array_map( fn( Job $job ): ?Job => $job->is_unread() ? $this->look( $job, $until ) : $job, $jobs ) ) );
	}

	private function look( Job $job, float $until ): ?Job {
		$facts = $this->inspector->inspect( $job->attachmentId, null, $until );
		if ( is_wp_error( $facts ) ) {
			return $this->withdraw( $job, (string) $facts->get_error_code(), $facts->get_error_message() );
		}
		if ( '' !== $facts->refusalCode ) {
			return $this->refuse( $job, $facts );
		}
		if ( ( '' !== $facts->sha256 || 'site' !== $facts->source['kind'] ) && ! $this->unread->identify( $job->id, $facts ) && $this->is_known( $job, $facts ) ) {
			return $this->withdraw( $job, Manager::CANCELLED, __( 'This file has a job already.', 'ai-doc-pipeline' ) );
		}
		return $this->jobs->find( $job->id );
	}

	private function is_known( Job $job, Facts $facts ): bool {
		$other = $this->jobs->find_by_source( $job->attachmentId, $facts->sha256 );
		return null !== $other && $other->id !== $job->id;
	}

	private function withdraw( Job $job, string $code, string $sentence ): ?Job {
		if ( $this->jobs->cancel( $job->id, $code, $sentence ) ) {
			$this->events->log( 'cancelled', $job->id, 0, $code, $sentence );
		}
		return null;
	}

	/** As an upload whose file cannot be read. */
	private function refuse( Job $job, Facts $facts ): ?Job {
		$ref = new LeaseRef( $job->id, $job->epoch, $job->leaseToken, $job->agentId );
		if ( $this->leases->end_attempt( $ref, State::Failed, 0, 'permanent', $facts->refusalCode, $facts->refusal, '' === $job->failures ? '[]' : $job->failures, $job->crashes ) ) {
			$this->events->log( 'refused_upload', $job->id, 0, $facts->refusalCode, $facts->refusal );
			Hooks::failed( $job->id, $job->attachmentId, $facts->refusalCode, $facts->refusal );
		}
		return null;
	}
}
