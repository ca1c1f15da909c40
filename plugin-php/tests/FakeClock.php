<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Clock;
use AIDoc\Plugin;
use AIDoc\Queue\Housekeeping;

/** The database's real clock, plus what a test adds. */
final class FakeClock extends Clock {

	private int $ahead_ms = 0;
	private ?int $wall_ms = null;

	/** In how many requests of agents housekeeping takes a slice. */
	public static function clean_in_one_of( int $requests ): void {
		( new \ReflectionProperty( Housekeeping::class, 'one_in' ) )->setValue( Plugin::instance()->housekeeping(), $requests );
	}

	public static function get(): self {
		return Plugin::instance()->clock();
	}

	public function sql(): string {
		return '(' . ( \AIDoc\Database::is_sqlite() ? (string) parent::wall_ms() : parent::sql() ) . ' + ' . $this->ahead_ms . ')';
	}

	public function now_ms(): int {
		return ( \AIDoc\Database::is_sqlite() ? parent::wall_ms() : (int) $GLOBALS['wpdb']->get_var( 'SELECT ' . parent::sql() ) ) + $this->ahead_ms;
	}

	public function wall_ms(): int {
		return $this->wall_ms ?? parent::wall_ms() + $this->ahead_ms;
	}

	public function advance( int $ms ): void {
		$this->ahead_ms += $ms;
	}

	public function set_wall_s( ?int $seconds ): void {
		$this->wall_ms = null === $seconds ? null : $seconds * 1000;
	}

	public function reset(): void {
		$this->ahead_ms = 0;
		$this->wall_ms  = null;
	}
}
