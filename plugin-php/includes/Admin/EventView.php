<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

/** Names of what happened to a job. A kind that is not known here is shown as it is. */
final class EventView {

	public static function label( string $kind ): string {
		return match ( $kind ) {
			'enqueued'         => __( 'Queued', 'ai-doc-pipeline' ),
			'leased'           => __( 'Taken by an agent', 'ai-doc-pipeline' ),
			'released'         => __( 'Returned by the agent', 'ai-doc-pipeline' ),
			'expired'          => __( 'Agent stopped answering', 'ai-doc-pipeline' ),
			'crashed'          => __( 'Agent crashed', 'ai-doc-pipeline' ),
			'attempt_failed'   => __( 'Attempt failed, will be retried', 'ai-doc-pipeline' ),
			'failed'           => __( 'Failed', 'ai-doc-pipeline' ),
			'cancelled'        => __( 'Cancelled', 'ai-doc-pipeline' ),
			'done'             => __( 'Summary received', 'ai-doc-pipeline' ),
			'recalled'         => __( 'Put back', 'ai-doc-pipeline' ),
			'moved_front'      => __( 'Moved to the front', 'ai-doc-pipeline' ),
			'moved_back'       => __( 'Moved back to its place', 'ai-doc-pipeline' ),
			'waiting'          => __( 'Waits', 'ai-doc-pipeline' ),
			'phase'            => __( 'Progress', 'ai-doc-pipeline' ),
			'adjusted'         => __( 'Parts of the result put right', 'ai-doc-pipeline' ),
			'kept_edited_text' => __( 'Edited text kept', 'ai-doc-pipeline' ),
			'refused_upload'   => __( 'Not accepted', 'ai-doc-pipeline' ),
			'refused'          => __( 'Request refused', 'ai-doc-pipeline' ),
			'more'             => __( 'Older events, no longer kept', 'ai-doc-pipeline' ),
			default          => $kind,
		};
	}
}
