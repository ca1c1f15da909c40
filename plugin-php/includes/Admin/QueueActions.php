<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Jobs\Counts;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\Manager;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Jobs\State;
use AIDoc\Media\Statuses;
use AIDoc\Rights;

/** What the queue page does to the chosen documents, and what it says of it: how many, and of the others how many for which reason. */
final class QueueActions {

	public function __construct(
		private readonly Jobs $jobs,
		private readonly Manager $manager,
		private readonly Statuses $statuses,
		private readonly Counts $counts,
	) {}

	/**
	 * @param string $action retry, again, cancel, front or back.
	 * @param int[]  $ids    Of jobs.
	 * @return array{kind:string,text:string} What is said afterwards.
	 */
	public function run( string $action, array $ids ): array {
		$done    = 0;
		$refused = array();
		foreach ( array_filter( $ids ) as $id ) {
			$result = $this->act( $action, $id );
			if ( is_wp_error( $result ) ) {
				$reason             = $result->get_error_message();
				$refused[ $reason ] = ( $refused[ $reason ] ?? 0 ) + 1;
			} else {
				++$done;
			}
		}
		$this->counts->forget();
		return array(
			'kind' => $refused || 0 === $done ? 'warning' : 'success',
			'text' => implode( ' ', array( $this->outcome( $action, $done ), ...array_map( array( self::class, 'refusal' ), array_keys( $refused ), $refused ) ) ),
		);
	}

	private function act( string $action, int $id ): Job|\WP_Error {
		$job = $this->jobs->find( $id );
		if ( null === $job ) {
			return new \WP_Error( 'aidoc_job_unknown', __( 'A chosen document is no longer in the queue.', 'ai-doc-pipeline' ) );
		}
		if ( ! $this->may_act( $job ) ) {
			/* translators: %s: name of a file. */
			return new \WP_Error( 'aidoc_forbidden', sprintf( __( 'You are not allowed to do this with %s.', 'ai-doc-pipeline' ), $job->filename ) );
		}
		return match ( $action ) {
			'retry'  => $this->retry( $job ),
			'again'  => $this->queued( $this->manager->retry( $id ) ),
			'cancel' => $this->manager->cancel( $id ),
			'front'  => $this->manager->put_to_front( $id, true ),
			'back'   => $this->manager->put_to_front( $id, false ),
			default  => new \WP_Error( 'aidoc_unknown_action', __( 'Choose one of the bulk actions.', 'ai-doc-pipeline' ) ),
		};
	}

	/** What is done was paid for and may have been edited since: only what lacks pages is retried, "Read again" has to be chosen for the rest. */
	private function retry( Job $job ): Job|\WP_Error {
		if ( State::Done === $job->state ) {
			$status = $this->statuses->status_of( $job->attachmentId, $job );
			if ( ! in_array( 'retry', array_column( $status['actions'], 'name' ), true ) ) {
				return new \WP_Error( 'aidoc_already_done', __( 'Documents that are done were left alone; “Read again” reads them once more.', 'ai-doc-pipeline' ), array( 'status' => 409 ) );
			}
		}
		return $this->queued( $this->manager->retry( $job->id ) );
	}

	/** A file that cannot be read, such as an empty one, fails at once: it was not queued. */
	private function queued( Job|\WP_Error $job ): Job|\WP_Error {
		return $job instanceof Job && State::Failed === $job->state ? new \WP_Error( 'aidoc_not_queued', $job->errorMessage ) : $job;
	}

	/** The job of an attachment that is gone can still be tidied away by those who run the site. */
	private function may_act( Job $job ): bool {
		return null === get_post( $job->attachmentId ) ? Rights::has( Rights::SETTINGS ) : Rights::document( $job->attachmentId );
	}

	private static function refusal( string $reason, int $number ): string {
		/* translators: 1: number of documents, 2: why nothing was done to them, a sentence. */
		return 1 === $number ? $reason : sprintf( __( '%1$s documents: %2$s', 'ai-doc-pipeline' ), number_format_i18n( $number ), $reason );
	}

	private function outcome( string $action, int $done ): string {
		return match ( $action ) {
			/* translators: %d: number of documents. */
			'cancel' => sprintf( _n( '%d document cancelled.', '%d documents cancelled.', $done, 'ai-doc-pipeline' ), $done ),
			/* translators: %d: number of documents. */
			'front'  => sprintf( _n( '%d document moved to the front.', '%d documents moved to the front.', $done, 'ai-doc-pipeline' ), $done ),
			/* translators: %d: number of documents. */
			'back'   => sprintf( _n( '%d document moved back to its place.', '%d documents moved back to their places.', $done, 'ai-doc-pipeline' ), $done ),
			/* translators: %d: number of documents. */
			default  => sprintf( _n( '%d document queued again.', '%d documents queued again.', $done, 'ai-doc-pipeline' ), $done ),
		};
	}
}
