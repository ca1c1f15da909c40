<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\DatabaseError;
use AIDoc\ErrorLog;
use AIDoc\Plugin;

/**
 * Forgets what is old and puts right what nobody else notices. WP-Cron does it every five minutes; where cron is switched off the
 * requests of agents do, now and then a slice, faster than they add rows.
 */
final class Housekeeping {

	/** One in so many requests takes a slice: no counter, and so no write, for the others. */
	public const ONE_IN = 25;

	private const SLICE = 500;

	public function __construct(
		private readonly Plugin $plugin,
		private readonly int $one_in = self::ONE_IN,
	) {}

	/** All there is to do, within reason: the rest is done next time. */
	public function run(): void {
		( new ClockStep( $this->plugin->clock() ) )->run();
		$this->plugin->reaper()->run();
		$this->plugin->unclaimable()->run( true );
		$this->plugin->reseal();
		$this->plugin->key_ring()->purge();
		$this->plugin->nonces()->purge();
		$this->plugin->events()->purge();
	}

	public function now_and_then(): void {
		if ( 1 === random_int( 1, $this->one_in ) ) {
			$this->slice();
		}
	}

	/** That it fails must not fail the request it rides on. */
	public function slice(): void {
		try {
			( new ClockStep( $this->plugin->clock() ) )->run();
			$this->plugin->key_ring()->purge();
			$this->plugin->nonces()->purge( self::SLICE );
			$this->plugin->events()->purge( self::SLICE );
		} catch ( DatabaseError $error ) {
			ErrorLog::add( $error );
		}
	}
}
