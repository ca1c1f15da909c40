<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Clock;
use AIDoc\Queue\Housekeeping;
use AIDoc\Plugin;
use AIDoc\Summaries\Pen;
use AIDoc\Summaries\Ties;

/** The database's real clock, plus what a test adds. */
final class FakeClock extends Clock {

	private int $ahead_ms = 0;
	private ?int $wall_ms = null;

	public static function install(): void {
		$services = self::services();
		// Filters that were hooked at boot hold these; they know no clock.
		$hooked = array_intersect_key( $services->getValue( Plugin::instance() ), array( Pen::class => 1, Ties::class => 1 ) );
		$services->setValue( Plugin::instance(), array( Clock::class => new self() ) + $hooked );
		self::clean_in_one_of( PHP_INT_MAX ); // Chance has no place in tests.
	}

	/** In how many requests of agents housekeeping takes a slice. */
	public static function clean_in_one_of( int $requests ): void {
		$services = self::services();
		$services->setValue( Plugin::instance(), array( Housekeeping::class => new Housekeeping( Plugin::instance(), $requests ) ) + $services->getValue( Plugin::instance() ) );
	}

	private static function services(): \ReflectionProperty {
		$services = new \ReflectionProperty( Plugin::class, 'services' );
		$services->setAccessible( true );
		return $services;
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
