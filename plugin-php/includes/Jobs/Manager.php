<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

use AIDoc\Queue\Doorbell;
use AIDoc\Queue\Leases;
use AIDoc\Settings;

/** What uploads and people do to jobs. What agents do is in Claimer, Reaper and the controllers. */
final class Manager {

	private const WATCH_MS = 30_000;

	public const CANCELLED      = 'aidoc_cancelled';
	public const SOURCE_CHANGED = 'aidoc_source_changed';

	public function __construct(
		private readonly Repository $jobs,
		private readonly Unread $unread,
		private readonly Inspector $inspector,
		private readonly Settings $settings,
		private readonly Events $events,
		private readonly Doorbell $doorbell,
		private readonly Leases $leases,
		private readonly LocalOnly $local,
		private readonly Pictures $pictures,
		private readonly Copies $copies,
	) {}

	/**
	 * Makes sure that the attachment's present file has its one job.
	 *
	 * @param bool $force Also start again what was done, has failed or was cancelled.
	 * @return Job|\WP_Error An error where the attachment is none of our types. A file that cannot be read gives a failed job.
	 */
	public function enqueue( int $attachment_id, bool $force = false ): Job|\WP_Error {
		$document = $this->copies->original( $attachment_id );
		return $this->enqueue_known( $document, $this->all( $document ), $force );
	}

	/** @return Job[] Of an attachment, the one that counts last. */
	private function all( int $attachment_id ): array {
		return $this->jobs->all_for_attachments( array( $attachment_id ) )[ $attachment_id ] ?? array();
	}

	/** @param Job[] $all See all(). */
	private function enqueue_known( int $attachment_id, array $all, bool $force = false ): Job|\WP_Error {
		$known = $all ? end( $all ) : null;
		$facts = $this->inspector->inspect( $attachment_id, $known );
		if ( is_wp_error( $facts ) ) {
			return $facts;
		}
		$job     = $this->row_for( $facts, $all, $known );
		$changed = $job ? $this->revive( $job, $known, $facts, $force ) : $this->insert( $facts, $known->instruction ?? '' );
		if ( ! $changed && ! self::has_open( $all, $job->id ) ) {
			return $job;
		}
		$job = $job ? $this->jobs->find( $job->id ) : $this->jobs->find_by_source( $attachment_id, $facts->sha256 );
		$this->jobs->cancel_others( $attachment_id, $job->id, self::SOURCE_CHANGED, __( 'The file was replaced; the new one has its own job.', 'ai-doc-pipeline' ) );
		return $job;
	}

	/**
	 * The row that this file goes on with.
	 *
	 * @param Job[] $all Of the attachment.
	 */
	private function row_for( Facts $facts, array $all, ?Job $known ): ?Job {
		foreach ( $all as $job ) {
			if ( $job->sourceSha256 === $facts->sha256 ) {
				return $job;
			}
		}
		if ( $known && '' === $known->sourceSha256 && $known->state->is_final() ) {
			return $known; // It was refused before it was hashed.
		}
		if ( $known && $known->is_unread() && '' !== $facts->sha256 && $this->unread->identify( $known->id, $facts ) ) {
			return $this->jobs->find( $known->id ); // A backfill has queued it by its name.
		}
		return null;
	}

	/** @param Job[] $all */
	private static function has_open( array $all, int $but_id ): bool {
		return array() !== array_filter( $all, static fn( Job $job ): bool => $job->id !== $but_id && ! $job->state->is_final() );
	}

	/** @return true Whoever made the row: it is there. */
	private function insert( Facts $facts, string $instruction ): bool {
		$id = $this->jobs->insert( $facts, self::state_of( $facts ), (int) $this->settings->get( 'max_attempts' ), $instruction );
		if ( $id > 0 ) {
			$this->announce( $id, $facts );
		}
		return true;
	}

	private static function state_of( Facts $facts ): State {
		return $facts->refusalCode ? State::Failed : State::Queued;
	}

	/** A new attachment, which nobody else knows of yet: fewer statements do. Uploads wait for this. */
	public function attachment_added( int $attachment_id ): void {
		if ( ! $this->is_wanted( $attachment_id ) ) {
			return;
		}
		$facts = $this->inspector->inspect( $attachment_id );
		if ( is_wp_error( $facts ) ) {
			return;
		}
		$id = $this->jobs->insert( $facts, self::state_of( $facts ), (int) $this->settings->get( 'max_attempts' ) );
		if ( $id > 0 ) {
			$this->announce( $id, $facts );
		} else {
			$this->enqueue( $attachment_id ); // Its id was used before: a database that was put back.
		}
	}

	/** An attachment has come or changed: it is queued where uploads are, or where it was before. */
	public function attachment_changed( int $attachment_id ): void {
		$document = $this->copies->original( $attachment_id );
		$all      = $this->all( $document );
		if ( $all || $this->is_wanted( $document ) ) {
			$this->enqueue_known( $document, $all );
		}
	}

	/** Whether an upload is read by itself. */
	private function is_wanted( int $attachment_id ): bool {
		return $this->settings->get( 'enqueue_on_upload' ) && $this->pictures->wanted( $attachment_id, (string) get_post_mime_type( $attachment_id ) );
	}

	/** Starts a failed, cancelled or done job again, with the file as it is now. */
	public function retry( int $job_id ): Job|\WP_Error {
		$job = $this->jobs->find( $job_id );
		if ( ! $job ) {
			return $this->unknown();
		}
		if ( ! $job->state->is_final() ) {
			return new \WP_Error( 'aidoc_not_retryable', __( 'This document is already waiting or being processed.', 'ai-doc-pipeline' ), array( 'status' => 409 ) );
		}
		return $this->enqueue( $job->attachmentId, true );
	}

	public function cancel( int $job_id ): Job|\WP_Error {
		$job = $this->jobs->find( $job_id );
		if ( ! $job ) {
			return $this->unknown();
		}
		if ( ! $this->jobs->cancel( $job_id, self::CANCELLED, __( 'Cancelled by an administrator.', 'ai-doc-pipeline' ) ) ) {
			return new \WP_Error( 'aidoc_not_cancellable', __( 'This document is not waiting or being processed, so there is nothing to cancel.', 'ai-doc-pipeline' ), array( 'status' => 409 ) );
		}
		$this->events->log( 'cancelled', $job_id, $job->agentId, self::CANCELLED );
		return $this->jobs->find( $job_id );
	}

	/** A waiting document is read before all others, or in its turn again. */
	public function put_to_front( int $job_id, bool $front ): Job|\WP_Error {
		$job = $this->jobs->find( $job_id );
		if ( ! $job ) {
			return $this->unknown();
		}
		if ( ! $this->jobs->put_to_front( $job_id, $front ) ) {
			return new \WP_Error( 'aidoc_not_movable', __( 'This document does not wait, or is there already.', 'ai-doc-pipeline' ), array( 'status' => 409 ) );
		}
		$this->events->log( $front ? 'moved_front' : 'moved_back', $job_id );
		$this->doorbell->ring();
		return $this->jobs->find( $job_id );
	}

	/** Somebody marks a document, or takes the mark away. An agent that may send its text elsewhere loses it at once. */
	public function mark_local_only( int $attachment_id, bool $marked ): void {
		$attachment_id = $this->copies->original( $attachment_id );
		if ( $marked === $this->local->is_marked( $attachment_id ) ) {
			return;
		}
		if ( $marked ) {
			update_post_meta( $attachment_id, LocalOnly::FIELD, '1' );
		} else {
			delete_post_meta( $attachment_id, LocalOnly::FIELD );
		}
		$local = $this->local->is( $attachment_id, (string) get_post_mime_type( $attachment_id ) );
		if ( $local ) {
			$this->leases->recall_open( $attachment_id );
		}
		$this->jobs->set_local_only( $attachment_id, $local );
		$this->doorbell->ring();
	}

	/** The settings say of other documents than before that they are local only. */
	public function local_only_changed(): void {
		$this->leases->recall_open_types( $this->local->mimes() );
		$this->jobs->mark_local_only( $this->local->mimes() );
		$this->doorbell->ring();
	}

	/** The attachment is gone: its open jobs end. */
	public function attachment_deleted( int $attachment_id ): void {
		$this->copies->forget();
		$this->withdraw( $attachment_id, __( 'The attachment was deleted.', 'ai-doc-pipeline' ), 'attachment deleted' );
	}

	/** The attachment is in the trash: its open jobs end, and begin anew when it is restored. */
	public function attachment_trashed( int $attachment_id ): void {
		$this->withdraw( $attachment_id, __( 'The attachment is in the trash. Restore it to have it read.', 'ai-doc-pipeline' ), 'attachment trashed' );
	}

	private function withdraw( int $attachment_id, string $sentence, string $event ): void {
		if ( $this->jobs->cancel_others( $attachment_id, 0, self::SOURCE_CHANGED, $sentence ) ) {
			$job = $this->jobs->latest_for_attachments( array( $attachment_id ) )[ $attachment_id ];
			$this->events->log( 'cancelled', $job->id, $job->agentId, self::SOURCE_CHANGED, $event );
		}
	}

	/**
	 * Somebody looks at these jobs: for the next half minute agents report on them every 5 s.
	 *
	 * @param int[] $job_ids
	 */
	public function watch( array $job_ids ): void {
		$this->jobs->watch( $job_ids, self::WATCH_MS );
	}

	/** Why this attachment would not be processed, as one sentence; null where it would. Hashes the file where no job knows it yet: not for lists. */
	public function not_accepted_reason( int $attachment_id ): ?string {
		$probe = $this->jobs->latest_for_attachments( array( $attachment_id ) )[ $attachment_id ] ?? null;
		$facts = $this->inspector->inspect( $attachment_id, $probe );
		if ( is_wp_error( $facts ) ) {
			return $facts->get_error_message();
		}
		return '' === $facts->refusal ? null : $facts->refusal;
	}

	/** @return bool Whether the row is another now. */
	private function revive( Job $job, ?Job $known, Facts $facts, bool $force ): bool {
		$back = $known && $known->id !== $job->id; // An earlier file came back: its row is the current one again.
		if ( $job->state->is_final() && ( $force || $back || ( $job->sourceSha256 !== $facts->sha256 ) || self::SOURCE_CHANGED === $job->errorCode ) ) {
			if ( $this->jobs->restart( $job->id, $facts, self::state_of( $facts ), (int) $this->settings->get( 'max_attempts' ), ( $known ?? $job )->instruction ) ) {
				$this->announce( $job->id, $facts );
			}
			return true;
		}
		if ( $job->fingerprint !== $facts->fingerprint ) {
			$this->jobs->set_source( $job->id, $facts->source, $facts->fingerprint );
			return true;
		}
		return false;
	}

	private function announce( int $job_id, Facts $facts ): void {
		if ( $facts->refusalCode ) {
			$this->events->log( 'refused_upload', $job_id, 0, $facts->refusalCode, $facts->refusal );
			Hooks::failed( $job_id, $facts->attachmentId, $facts->refusalCode, $facts->refusal );
			return;
		}
		$this->events->log( 'enqueued', $job_id );
		$this->doorbell->ring();
	}

	private function unknown(): \WP_Error {
		return new \WP_Error( 'aidoc_job_unknown', __( 'There is no such job.', 'ai-doc-pipeline' ), array( 'status' => 404 ) );
	}
}
