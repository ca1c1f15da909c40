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

	/**
	 * Whether an agent of this version is meant for a plugin of that one: before 1.0 those of the same minor version, from then on those of the
	 * same major one. Where a version is none, nobody can tell.
	 */
	public static function fits( string $agent, string $plugin ): bool {
		$a = array_slice( explode( '.', self::number( $agent ) ), 0, 2 );
		$p = array_slice( explode( '.', self::number( $plugin ) ), 0, 2 );
		if ( count( $a ) < 2 || count( $p ) < 2 ) {
			return true;
		}
		return '0' === $a[0] || '0' === $p[0] ? $a === $p : $a[0] === $p[0];
	}

	private static function number( string $version ): string {
		return preg_match( '/^v?(\d+(?:\.\d+){1,3})(?:[-+].*)?$/D', $version, $part ) ? $part[1] : '';
	}
}
