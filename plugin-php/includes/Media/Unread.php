<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\Jobs\Job;

/** What a person reads about a document that could not be read: whether another try can help, and what to do where none can. Pure. */
final class Unread {

	/** Pages without writing: nothing went wrong. */
	private const NO_TEXT = 'no_text';

	/** What is wrong with the file itself: the same file will be refused again, now and by every agent. */
	private const OF_THE_FILE = array( 'encrypted', 'corrupt_file', 'empty_file', 'no_pages', 'aidoc_file_empty', 'aidoc_file_missing' );

	/**
	 * @param string|null $replace Where the file can be replaced, null where nothing on this site does that.
	 * @return array<string,mixed> Parts of StatusView.
	 */
	public static function parts( Job $job, ?string $replace ): array {
		if ( self::is_no_text( $job ) ) {
			return self::no_text( $job );
		}
		$detail = '' !== $job->errorMessage ? $job->errorMessage : __( 'The agent gave no reason.', 'ai-doc-pipeline' );
		$parts  = array(
			'state' => 'failed',
			'label' => __( 'Failed', 'ai-doc-pipeline' ),
		);
		if ( ! self::is_of_the_file( $job ) ) {
			return $parts + array(
				'detail'  => $detail,
				'actions' => array( 'retry' ),
			);
		}
		return $parts + array(
			'detail' => $detail . ' ' . __( 'Replace the file: the new one is read by itself.', 'ai-doc-pipeline' ),
			'link'   => null === $replace ? null : array(
				'url'   => $replace,
				'label' => __( 'Replace the file', 'ai-doc-pipeline' ),
			),
		);
	}

	public static function is_no_text( Job $job ): bool {
		return self::NO_TEXT === $job->errorCode;
	}

	/** Another try of the same file is of no use. */
	public static function is_of_the_file( Job $job ): bool {
		return in_array( $job->errorCode, self::OF_THE_FILE, true );
	}

	private static function no_text( Job $job ): array {
		return array(
			'state'   => 'notext',
			'label'   => __( 'No text', 'ai-doc-pipeline' ),
			'detail'  => str_starts_with( $job->mime, 'image/' ) ? __( 'There is no text in this picture.', 'ai-doc-pipeline' ) : $job->errorMessage,
			'actions' => array( 'redo' ),
		);
	}
}
