<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

/** Types as agents name them: exact ones, a type whose subtype is `*`, or all. */
final class Mimes {

	/** @param string[] $mimes */
	public static function fit( array $mimes, string $mime ): bool {
		return in_array( $mime, $mimes, true ) || in_array( '*/*', $mimes, true ) || in_array( strtok( $mime, '/' ) . '/*', $mimes, true );
	}
}
