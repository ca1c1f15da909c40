<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

/**
 * Which notices the current user does not want to see again on this site: each for its reason. It comes back when there is another
 * reason, or when the reason has ended in between.
 */
final class Dismissed {

	/** Of a user and a site: multisite puts the site's prefix before it. */
	public const OPTION = 'aidoc_dismissed';

	/** Twelve hexadecimal digits. */
	public const REASON = '/^[0-9a-f]{12}$/D';

	/** @param list<mixed> $facts What tells one reason from another of the same kind; nothing that changes while it lasts. */
	public static function reason( array $facts ): string {
		return substr( hash( 'sha256', (string) wp_json_encode( $facts ) ), 0, 12 );
	}

	public static function add( string $key, string $reason ): void {
		self::save( array( $key => $reason ) + self::all() );
	}

	public static function has( string $key, string $reason ): bool {
		return ( self::all()[ $key ] ?? '' ) === $reason;
	}

	/** Forgets all others: their reasons have ended. */
	public static function keep_only( string $key ): void {
		$all  = self::all();
		$kept = array_intersect_key( $all, array( $key => true ) );
		if ( $kept !== $all ) {
			self::save( $kept );
		}
	}

	/** @return array<string,string> Notice => reason. */
	private static function all(): array {
		$stored = get_user_option( self::OPTION );
		return is_array( $stored ) ? array_filter( $stored, 'is_string' ) : array();
	}

	/** @param array<string,string> $all */
	private static function save( array $all ): void {
		if ( $all ) {
			update_user_option( get_current_user_id(), self::OPTION, $all );
		} else {
			delete_user_option( get_current_user_id(), self::OPTION );
		}
	}
}
