<?php
declare( strict_types=1 );

namespace AIDoc;

/** What the repositories share of $wpdb: table names, the kind of database, transactions, and "false is an error". */
final class Database {

	public const TABLES = array( 'jobs', 'agents', 'keys', 'nonces', 'events', 'spending', 'backfills', 'texts', 'erasures' );

	/** How many times a transaction is run that the database rolls back. */
	private const TRIES = 3;

	/** MySQL's deadlock and lock wait timeout. */
	private const IN_THE_WAY = array( 1213, 1205 );

	private static int $depth = 0;

	public static function wpdb(): \wpdb {
		return $GLOBALS['wpdb'];
	}

	/**
	 * @param string $index The index MySQL must use, '' to let it choose. A guarded write names the row by its primary key:
	 *                      left alone, MySQL may walk another index and lock its way into a deadlock.
	 */
	public static function table( string $name, string $index = '' ): string {
		return self::wpdb()->prefix . 'aidoc_' . $name . ( '' === $index || self::is_sqlite() ? '' : " FORCE INDEX ($index)" );
	}

	/** @return string[] Names of all our tables of the current blog. */
	public static function tables(): array {
		return array_map( array( self::class, 'table' ), self::TABLES );
	}

	public static function is_sqlite(): bool {
		return ( defined( 'DB_ENGINE' ) && 'sqlite' === DB_ENGINE )
			|| ( defined( 'DATABASE_TYPE' ) && 'sqlite' === DATABASE_TYPE )
			|| is_a( self::wpdb(), 'WP_SQLite_DB' );
	}

	/** Claims and fences must never read from a replica that lags behind: HyperDB and LudicrousDB can be told. */
	public static function use_primary(): void {
		if ( method_exists( self::wpdb(), 'send_reads_to_masters' ) ) {
			self::wpdb()->send_reads_to_masters();
		}
	}

	/**
	 * Runs one writing statement. 0 rows is an answer, false is an error; what transaction() runs again is none for the site's log.
	 *
	 * @throws DatabaseError When the statement failed.
	 */
	public static function write( string $sql, mixed ...$values ): int {
		$db  = self::wpdb();
		$was = $db->suppress_errors( $db->suppress_errors || self::$depth > 0 );
		try {
			$rows = $db->query( $values ? $db->prepare( $sql, ...$values ) : $sql );
		} finally {
			$db->suppress_errors( $was );
		}
		if ( false === $rows ) {
			$error = self::error();
			if ( self::$depth > 0 && ! $error instanceof RolledBack ) {
				$db->print_error();
			}
			throw $error;
		}
		return (int) $rows;
	}

	/**
	 * @return list<array<string,string|null>>
	 * @throws DatabaseError When the statement failed.
	 */
	public static function rows( string $sql, mixed ...$values ): array {
		$db   = self::wpdb();
		$rows = $db->get_results( $values ? $db->prepare( $sql, ...$values ) : $sql, ARRAY_A );
		if ( null === $rows || '' !== $db->last_error ) {
			throw self::error();
		}
		return $rows;
	}

	/** @return array<string,string|null>|null */
	public static function row( string $sql, mixed ...$values ): ?array {
		return self::rows( $sql, ...$values )[0] ?? null;
	}

	/**
	 * Deletes the oldest rows before a time, at most about so many: a table that grew for a year must not hold up the request that
	 * notices it. A DELETE with LIMIT would do, but SQLite knows none.
	 *
	 * @param string $table  With a column and an index at_ms.
	 * @param string $where  SQL without values.
	 * @param string $before SQL that yields a time.
	 */
	public static function delete_oldest( string $table, string $where, string $before, int $limit ): int {
		$last = self::row( "SELECT at_ms FROM $table WHERE $where AND at_ms < $before ORDER BY at_ms LIMIT 1 OFFSET %d", $limit - 1 );
		return self::write( "DELETE FROM $table WHERE $where AND " . ( $last ? 'at_ms <= ' . (int) $last['at_ms'] : "at_ms < $before" ) );
	}

	/**
	 * All or nothing where the tables are transactional; elsewhere the statements run as they are. What the database itself
	 * rolls back, because another transaction was in its way, is run again.
	 *
	 * @template T
	 * @param callable():T         $work
	 * @param (callable():void)|null $undone Forgets what is cached of the writes; called after each roll-back.
	 * @return T
	 * @throws DatabaseError When it was rolled back each time.
	 */
	public static function transaction( callable $work, ?callable $undone = null ): mixed {
		if ( self::$depth > 0 ) {
			return $work();
		}
		for ( $try = 1; ; $try++ ) {
			try {
				return self::run_once( $work );
			} catch ( \Throwable $error ) {
				if ( $undone ) {
					$undone();
				}
				if ( ! $error instanceof RolledBack || $try >= self::TRIES ) {
					throw $error;
				}
			}
		}
	}

	private static function run_once( callable $work ): mixed {
		self::begin();
		++self::$depth;
		try {
			$value = $work();
			self::write( 'COMMIT' );
			return $value;
		} catch ( \Throwable $error ) {
			self::wpdb()->query( 'ROLLBACK' );
			throw $error;
		} finally {
			--self::$depth;
			self::autocommit( true );
		}
	}

	/**
	 * Core's functions swallow a deadlock, and go on. With autocommit off what they write then belongs to a transaction
	 * too, which run_once() rolls back at its end; with it on, a part of the work would stay.
	 */
	private static function begin(): void {
		self::autocommit( false );
		try {
			self::write( 'START TRANSACTION' );
		} catch ( \Throwable $error ) {
			self::autocommit( true );
			throw $error;
		}
	}

	private static function autocommit( bool $on ): void {
		if ( ! self::is_sqlite() ) {
			self::wpdb()->query( 'SET autocommit = ' . (int) $on );
		}
	}

	private static function error(): DatabaseError {
		$db    = self::wpdb();
		$errno = $db->dbh instanceof \mysqli ? $db->dbh->errno : 0;
		return in_array( $errno, self::IN_THE_WAY, true ) ? new RolledBack( $db->last_error ) : new DatabaseError( $db->last_error );
	}
}
