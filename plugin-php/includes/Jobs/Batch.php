<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

/** One action for many documents, and what became of each. Who may do it is asked here, for the exact document. */
final class Batch {

	public const SUMMARISE = 'enqueue';
	public const REDO      = 'redo';
	public const CANCEL    = 'cancel';
	public const ACTIONS   = array( self::SUMMARISE, self::REDO, self::CANCEL );

	public function __construct(
		private readonly Repository $jobs,
		private readonly Manager $manager,
		private readonly Copies $copies,
	) {}

	/**
	 * @param string $action One of ACTIONS.
	 * @param int[]  $ids    Attachments.
	 */
	public function run( string $action, array $ids ): BatchReport {
		$ids    = $this->copies->originals( array_filter( array_map( 'intval', $ids ) ) );
		$known  = $this->jobs->latest_for_attachments( $ids );
		$report = new BatchReport( $action );
		foreach ( $ids as $id ) {
			if ( ! current_user_can( 'edit_post', $id ) ) {
				$report->refused( $id, __( 'You are not allowed to edit this document.', 'ai-doc-pipeline' ) );
				continue;
			}
			$job  = $known[ $id ] ?? null;
			$skip = $this->skip( $action, $job );
			if ( null !== $skip ) {
				$report->skipped( $skip );
				continue;
			}
			$this->book( $report, $id, self::CANCEL === $action ? $this->manager->cancel( $job->id ) : $this->manager->enqueue( $id, true ) );
		}
		return $report;
	}

	/** Why there is nothing to do, or null. */
	private function skip( string $action, ?Job $job ): ?string {
		if ( self::CANCEL === $action ) {
			return null === $job || $job->state->is_final() ? __( 'neither waiting nor being read', 'ai-doc-pipeline' ) : null;
		}
		return match ( true ) {
			null === $job                                                       => null,
			State::Queued === $job->state                                       => __( 'waiting already', 'ai-doc-pipeline' ),
			State::Leased === $job->state                                       => __( 'being read right now', 'ai-doc-pipeline' ),
			self::SUMMARISE === $action && State::Done === $job->state          => __( 'summarised already', 'ai-doc-pipeline' ),
			self::SUMMARISE === $action && 'no_text' === $job->errorCode        => __( 'without text', 'ai-doc-pipeline' ),
			default                                                             => null,
		};
	}

	/** A file that is refused at once (empty, too large, gone) gives a job that has failed: it was not queued. */
	private function book( BatchReport $report, int $id, Job|\WP_Error $result ): void {
		if ( is_wp_error( $result ) ) {
			$report->refused( $id, $result->get_error_message() );
		} elseif ( State::Failed === $result->state ) {
			$report->refused( $id, $result->errorMessage );
		} else {
			$report->done();
		}
	}
}
