<?php
declare( strict_types=1 );

namespace AIDoc;

/**
 * Milliseconds since the epoch. Leases are timed by the database's clock alone, because several web servers
 * may share one database while their own clocks differ.
 */
class Clock {

	/** SQL that yields the time. On SQLite the database *is* this machine, and TIMESTAMPDIFF is unknown there. */
	public function sql(): string {
		return Database::is_sqlite()
			? (string) $this->wall_ms()
			: "(TIMESTAMPDIFF(MICROSECOND,'1970-01-01 00:00:00.000000',UTC_TIMESTAMP(3)) DIV 1000)";
	}

	/** The database's time. One query on MySQL. */
	public function now_ms(): int {
		return Database::is_sqlite() ? $this->wall_ms() : (int) Database::wpdb()->get_var( 'SELECT ' . $this->sql() );
	}

	/** This web server's time: for what is compared with another machine's clock, such as a signature's age. */
	public function wall_ms(): int {
		return (int) floor( microtime( true ) * 1000 );
	}
}
