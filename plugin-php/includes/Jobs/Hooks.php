<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

/** The actions by which other plugins learn what became of a document; each fires once for each end. */
final class Hooks {

	public static function done( Job $job, int $post_id ): void {
		/**
		 * A document has its summary.
		 *
		 * @param int $job_id        The job.
		 * @param int $attachment_id The document.
		 * @param int $post_id       The draft.
		 */
		do_action( 'aidoc_job_done', $job->id, $job->attachmentId, $post_id );
	}

	public static function failed( int $job_id, int $attachment_id, string $code, string $message ): void {
		/**
		 * A document could not be processed, or was refused before any agent saw it, and will not be tried again by itself.
		 *
		 * @param int    $job_id        The job.
		 * @param int    $attachment_id The document.
		 * @param string $code          Error code.
		 * @param string $message       One sentence.
		 */
		do_action( 'aidoc_job_failed', $job_id, $attachment_id, $code, $message );
	}
}
