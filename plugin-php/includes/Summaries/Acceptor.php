<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\Clock;
use AIDoc\Database;
use AIDoc\Jobs\Events;
use AIDoc\Jobs\Hooks;
use AIDoc\Queue\Fence;
use AIDoc\Jobs\Job;
use AIDoc\Queue\Leases;
use AIDoc\Jobs\Manager;
use AIDoc\Queue\LeaseRef;
use AIDoc\Jobs\Repository;
use AIDoc\Jobs\State;
use AIDoc\REST\Agent\FieldError;
use AIDoc\RolledBack;

/** Takes a result: the job and its draft change together, once. */
final class Acceptor {

	public function __construct(
		private readonly Repository $jobs,
		private readonly Leases $leases,
		private readonly Writer $writer,
		private readonly Manager $manager,
		private readonly Events $events,
		private readonly DocumentLinks $links,
		private readonly Clock $clock,
	) {}

	/**
	 * @param string|null $checkpoint See Leases::finish().
	 * @return array{status:string,job_id:int,post_id:int,edit_url:string}|\WP_Error
	 */
	public function accept( LeaseRef $ref, string $result_id, string $result_sha256, Summary $summary, ?string $checkpoint = null ): array|\WP_Error {
		$job     = $this->jobs->find( $ref->jobId );
		$refused = $this->refused( $job, $ref, $result_id, $summary );
		if ( is_wp_error( $refused ) ) {
			return $refused;
		}
		$summary = $summary->with( $this->facts( $job ) );
		$post_id = State::Leased === $job->state ? $this->store( $job, $ref, $result_id, $result_sha256, $summary, $checkpoint ) : 0;
		if ( $post_id ) {
			Hooks::done( $job, $post_id );
			return self::answer( 'accepted', $job->id, $post_id );
		}
		// Done before, or another request was faster between our two reads: the row as it is now decides.
		$job = $this->jobs->find( $ref->jobId );
		return self::is_repeat( $job, $ref, $result_id )
			? $this->again( $job, $result_sha256, $summary )
			: Fence::error( Fence::refusal( $job, $ref ) );
	}

	/** The legacy callback: no lease, so a new epoch fences off the holder of one. */
	public function accept_legacy( int $job_id, int $attachment_id, Summary $summary ): array|\WP_Error {
		$job           = $attachment_id ? null : $this->jobs->find( $job_id );
		$attachment_id = $job->attachmentId ?? $attachment_id;
		if ( 'attachment' !== get_post_type( $attachment_id ) ) {
			return new \WP_Error( 'aidoc_job_unknown', __( 'Neither job_id nor attachment_id names a document of this site.', 'ai-doc-pipeline' ), array( 'status' => 404 ) );
		}
		if ( ! $job ) {
			$queued = $this->manager->enqueue( $attachment_id );
			$job    = $queued instanceof Job ? $queued : null;
		}
		$summary = $summary->with( $this->facts( null ) );
		$post_id = Database::transaction(
			function () use ( $job, $attachment_id, $summary ): int {
				if ( $job ) {
					$this->jobs->finish_externally( $job->id );
				}
				$post_id = $this->writer->write( $attachment_id, $job->id ?? 0, $summary );
				if ( $job ) {
					$this->jobs->set_summary( $job->id, $post_id );
				}
				return $post_id;
			}
		);
		if ( $job ) {
			$this->announce( $job, $post_id, $summary );
		}
		return self::answer( 'accepted', $job->id ?? 0, $post_id );
	}

	private function refused( ?Job $job, LeaseRef $ref, string $result_id, Summary $summary ): ?\WP_Error {
		if ( $job && self::is_repeat( $job, $ref, $result_id ) ) {
			return null;
		}
		$code = Fence::check( $job, $ref );
		if ( '' !== $code ) {
			return Fence::error( $code );
		}
		if ( $summary->attachmentId !== $job->attachmentId ) {
			return ( new FieldError( 'aidoc_invalid_field', 'attachment_id' ) )->wp_error();
		}
		if ( 'attachment' !== get_post_type( $job->attachmentId ) ) {
			$this->manager->attachment_deleted( $job->attachmentId );
			return Fence::error( Manager::SOURCE_CHANGED );
		}
		if ( '' !== $job->sourceSha256 && $summary->sourceSha256 !== $job->sourceSha256 ) {
			// The agent read other bytes than were queued: look whether the file was replaced behind WordPress' back.
			$this->manager->enqueue( $job->attachmentId );
			$code = Fence::check( $this->jobs->find( $job->id ), $ref );
			return '' !== $code ? Fence::error( $code ) : ( new FieldError( 'aidoc_invalid_field', 'source_sha256' ) )->wp_error();
		}
		return null;
	}

	/** @return int The post, or 0 when the lease was lost in the last moment. */
	private function store( Job $job, LeaseRef $ref, string $result_id, string $result_sha256, Summary $summary, ?string $checkpoint ): int {
		return Database::transaction(
			function () use ( $job, $ref, $result_id, $result_sha256, $summary, $checkpoint ): int {
				// First the guarded write: it takes the row's lock, so that a second delivery waits and then finds it done.
				if ( ! $this->leases->finish( $ref, $result_id, $result_sha256, $checkpoint ) ) {
					return 0;
				}
				$post_id = $this->writer->write( $job->attachmentId, $job->id, $summary, $job->summaryPostId );
				$this->note( $job, $summary );
				// A deadlock or a lost connection rolls back and $wpdb reports nothing: what was written above would be gone
				// while the agent is told that it was accepted.
				if ( ! $this->jobs->set_result_post( $job->id, $ref->epoch, $result_id, $post_id ) ) {
					throw new RolledBack( 'The transaction of a result was rolled back.' );
				}
				return $post_id;
			},
			function () use ( $job ): void {
				$this->links->forget();
				clean_post_cache( $this->links->summary_of( $job->attachmentId ) );
			}
		);
	}

	/**
	 * What the site knows of how a summary was made.
	 *
	 * @param Job|null $leased Null for the legacy callback, which was given neither trace id nor instruction.
	 * @return array<string,mixed> By the names of Meta::FIELDS.
	 */
	private function facts( ?Job $leased ): array {
		return array(
			'summarised_ms' => $this->clock->wall_ms(),
			'trace_id'      => $leased?->traceId,
			'instruction'   => '' === ( $leased->instruction ?? '' ) ? null : $leased->instruction,
		);
	}

	private function again( Job $job, string $result_sha256, Summary $summary ): array|\WP_Error {
		if ( ! hash_equals( $job->resultSha256, $result_sha256 ) ) {
			return Fence::error( 'aidoc_result_conflict' );
		}
		$post_id = $job->summaryPostId;
		if ( 0 === $post_id ) {
			// Tables without transactions, and a crash after the job was flipped: the post may or may not be there.
			$post_id = $this->writer->write( $job->attachmentId, $job->id, $summary );
			$this->jobs->set_summary( $job->id, $post_id );
			$this->announce( $job, $post_id, $summary );
		}
		return self::answer( 'already_accepted', $job->id, $post_id );
	}

	private static function is_repeat( Job $job, LeaseRef $ref, string $result_id ): bool {
		return State::Done === $job->state && '' !== $job->resultId && hash_equals( $job->resultId, $result_id ) && $job->agentId === $ref->agentId;
	}

	private function announce( Job $job, int $post_id, Summary $summary ): void {
		$this->note( $job, $summary );
		Hooks::done( $job, $post_id );
	}

	private function note( Job $job, Summary $summary ): void {
		if ( '' !== $summary->adjusted ) {
			$this->events->log( 'adjusted', $job->id, $job->agentId, '', $summary->adjusted, '', $job->epoch );
		}
		$this->events->log( 'done', $job->id, $job->agentId, '', '', '', $job->epoch );
	}

	/** @return array{status:string,job_id:int,post_id:int,edit_url:string} */
	private static function answer( string $status, int $job_id, int $post_id ): array {
		return array(
			'status'   => $status,
			'job_id'   => $job_id,
			'post_id'  => $post_id,
			'edit_url' => admin_url( "post.php?post=$post_id&action=edit" ),
		);
	}
}
