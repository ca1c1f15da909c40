<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

/** What an agent says of its version, as a number that people know from releases. */
final class Version {

	/** "0.1.0-dev.ab12cd3.dirty" is "0.1.0 (development)": the rest is for the title. Another form is shown as it is. */
	public static function label( string $version ): string {
		$number = self::number( $version );
		if ( '' === $number ) {
			return $version;
		}
		/* translators: %s: a version such as "1.2.0". */
		return str_contains( $version, '-' ) ? sprintf( __( '%s (development)', 'ai-doc-pipeline' ), $number ) : $number;
	}

	/** Whether there is a newer one: agent and plugin are released together, under the same number. */
	public static function is_older( string $version, string $than ): bool {
		$number = self::number( $version );
		return '' !== $number && version_compare( $number, self::number( $than ), '<' );
	}

	private static function number( string $version ): string {
		return preg_match( '/^v?(\d+(?:\.\d+){1,3})(?:[-+].*)?$/D', $version, $part ) ? $part[1] : '';
	}
}
