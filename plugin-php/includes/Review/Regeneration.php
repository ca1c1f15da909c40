<?php
declare( strict_types=1 );

namespace AIDoc\Review;

use AIDoc\Jobs\Job;
use AIDoc\Jobs\Manager;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Jobs\State;
use AIDoc\Summaries\DocumentLinks;
use AIDoc\Text;

/** Has a summary made anew, with what an editor asks of it. The wish stays with the document until another takes its place. */
final class Regeneration {

	/** Characters of an instruction. */
	public const LENGTH = 500;

	public function __construct(
		private readonly Jobs $jobs,
		private readonly Manager $manager,
		private readonly DocumentLinks $links,
	) {}

	/**
	 * @param string $instruction One or more lines; '' for a summary as usual.
	 * @return Job|\WP_Error
	 */
	public function ask( int $summary_id, string $instruction ): Job|\WP_Error {
		$line = Text::clip( $instruction, self::LENGTH + 1 );
		if ( mb_strlen( $line, 'UTF-8' ) > self::LENGTH ) {
			/* translators: %d: number of characters. */
			return new \WP_Error( 'aidoc_instruction_too_long', sprintf( __( 'An instruction has at most %d characters. Shorten it.', 'ai-doc-pipeline' ), self::LENGTH ), array( 'status' => 400 ) );
		}
		$document = $this->links->document_of( $summary_id );
		$job      = $this->jobs->latest_for_attachments( array( $document ) )[ $document ] ?? null;
		if ( ! $job ) {
			return new \WP_Error( 'aidoc_job_unknown', __( 'The document of this summary was deleted or never queued, so that nothing can be made anew.', 'ai-doc-pipeline' ), array( 'status' => 404 ) );
		}
		if ( ! $this->jobs->set_instruction( $job->id, $line ) ) {
			return new \WP_Error( 'aidoc_not_retryable', __( 'This document is already waiting or being processed.', 'ai-doc-pipeline' ), array( 'status' => 409 ) );
		}
		$queued = $this->manager->retry( $job->id );
		if ( $queued instanceof Job && State::Failed === $queued->state ) {
			return new \WP_Error( $queued->errorCode, $queued->errorMessage, array( 'status' => 409 ) );
		}
		return $queued;
	}
}
