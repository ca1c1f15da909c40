<?php
declare( strict_types=1 );

namespace AIDoc;

/** The server's log, for faults that no caller can fix. */
final class ErrorLog {

	public static function add( \Throwable $error ): void {
		error_log( 'ai-doc-pipeline: ' . $error->getMessage() ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- the administrator of the server must learn of a failing database; the caller must not.
	}
}
