<?php
declare( strict_types=1 );

namespace AIDoc;

/** Where a fault goes that no caller can mend: the log of the server. */
final class ErrorLog {

	public static function add( \Throwable $error ): void {
		error_log( 'ai-doc-pipeline: ' . $error->getMessage() ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- whoever runs the server must hear of a failing database; the one who asks must not.
	}
}
