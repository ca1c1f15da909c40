<?php
declare( strict_types=1 );

namespace AIDoc;

/**
 * One request at a time brings the tables up to date. After an update of the plugin many requests find them old at once: agents ask every few
 * seconds. Without it each would run each ALTER TABLE, and all but one of them would leave an error in the log of the database.
 *
 * WordPress' own lock (WP_Upgrader::create_lock) loads all of its updater, and two requests that find it stale may both have it.
 */
final class SchemaLock {

	public const OPTION = 'aidoc_schema_lock';

	/** A request that has held it for this long was killed. Seconds. */
	private const STALE = 900;

	/** @return bool False where another request has it. */
	public static function take(): bool {
		$options = Database::wpdb()->options;
		$now     = time();
		// Not add_option, which looks first and overwrites what has come since.
		if ( 1 === Database::write( "INSERT IGNORE INTO $options (option_name, option_value, autoload) VALUES (%s, %s, 'no')", self::OPTION, (string) $now ) ) {
			return true;
		}
		return 1 === Database::write( "UPDATE $options SET option_value = %s WHERE option_name = %s AND option_value < %s", (string) $now, self::OPTION, (string) ( $now - self::STALE ) );
	}

	public static function release(): void {
		Database::write( 'DELETE FROM ' . Database::wpdb()->options . ' WHERE option_name = %s', self::OPTION );
	}

	/** Waits until nobody has it any more, but no longer than so many milliseconds. */
	public static function wait( int $milliseconds ): void {
		$until = hrtime( true ) + $milliseconds * 1_000_000;
		while ( hrtime( true ) < $until && null !== Database::row( 'SELECT option_value FROM ' . Database::wpdb()->options . ' WHERE option_name = %s', self::OPTION ) ) {
			usleep( 50_000 );
		}
	}
}
