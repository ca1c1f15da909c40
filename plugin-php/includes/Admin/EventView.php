<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

/** Names of what happened to a job. A kind that is not known here is shown as it is. */
final class EventView {

	public static function label( string $kind ): string {
		return match ( $kind ) {
			'enqueued'         => __( 'Queued', 'ai-doc-pipeline' ),
			'leased'           => __( 'Taken by an agent', 'ai-doc-pipeline' ),
			'released'         => __( 'Given back', 'ai-doc-pipeline' ),
			'expired'          => __( 'Agent went quiet', 'ai-doc-pipeline' ),
			'crashed'          => __( 'Agent ended in the middle', 'ai-doc-pipeline' ),
			'attempt_failed'   => __( 'To be tried again', 'ai-doc-pipeline' ),
			'failed'           => __( 'Failed', 'ai-doc-pipeline' ),
			'cancelled'        => __( 'Cancelled', 'ai-doc-pipeline' ),
			'done'             => __( 'Summary received', 'ai-doc-pipeline' ),
			'kept_edited_text' => __( 'Edited text kept', 'ai-doc-pipeline' ),
			'refused_upload'   => __( 'Not accepted', 'ai-doc-pipeline' ),
			'refused'          => __( 'Message refused', 'ai-doc-pipeline' ),
			'more'             => __( 'Older events, no longer kept', 'ai-doc-pipeline' ),
			default          => $kind,
		};
	}
}
