<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Jobs\Job;
use AIDoc\Jobs\Mimes;
use AIDoc\Text;

/** Why no joined agent can take a document, from what each says it reads. Pure. */
final class NoReader {

	/**
	 * @param list<array{mimes:string[],max_bytes:int,local_only:bool}> $caps Of all agents; none of them fits.
	 * @return array{0:string,1:string} Code and sentence.
	 */
	public static function reason( Job $job, array $caps ): array {
		$readers = array_filter( $caps, static fn( $one ) => Mimes::fit( $one['mimes'], $job->mime ) );
		if ( ! $readers ) {
			/* translators: %s: a MIME type */
			return array( 'aidoc_no_reader', Text::clip( sprintf( __( 'No joined agent reads files of type %s. Update an agent, or join one that does.', 'ai-doc-pipeline' ), $job->mime ), 500 ) );
		}
		if ( $job->localOnly ) {
			$readers = array_filter( $readers, static fn( $one ) => $one['local_only'] );
			if ( ! $readers ) {
				return array( 'aidoc_no_local_agent', __( 'This document is local only, and no joined agent that reads it keeps documents to its own machine. Update an agent, or take the mark away.', 'ai-doc-pipeline' ) );
			}
		}
		$limit = max( array_column( $readers, 'max_bytes' ) );
		return array(
			'aidoc_too_large_for_agents',
			sprintf(
				/* translators: 1: size of the file, 2: size limit */
				__( 'This file has %1$s, and no joined agent takes more than %2$s. Raise extract.max_bytes on an agent, or upload a smaller file.', 'ai-doc-pipeline' ),
				size_format( $job->bytes, 1 ),
				size_format( $limit, 1 )
			),
		);
	}
}
