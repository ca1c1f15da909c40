<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Auth\KeyRing;
use AIDoc\Auth\Nonces;
use AIDoc\Auth\Vault;
use AIDoc\Backfill\Caretaker;
use AIDoc\DatabaseError;
use AIDoc\ErrorLog;
use AIDoc\Jobs\Events;
use AIDoc\Privacy\Erasures;
use AIDoc\Settings;

/**
 * Deletes what is old and corrects what no request notices. WP-Cron does it every five minutes; where cron is switched off the
 * requests of agents do, now and then a slice, faster than they add rows.
 */
final class Housekeeping {

	/** One in so many requests takes a slice: no counter, and so no write, for the others. */
	public const ONE_IN = 25;

	private const SLICE = 500;

	public function __construct(
		private readonly ClockStep $clock_step,
		private readonly Reaper $reaper,
		private readonly Unclaimable $unclaimable,
		private readonly Vault $vault,
		private readonly Settings $settings,
		private readonly KeyRing $keys,
		private readonly Nonces $nonces,
		private readonly Events $events,
		private readonly Spending $spending,
		private readonly Erasures $erasures,
		private readonly Caretaker $backfills,
		private int $one_in = self::ONE_IN,
	) {}

	/** All there is to do, within reason: the rest is done next time. */
	public function run(): void {
		$this->clock_step->run();
		$this->reaper->run();
		$this->unclaimable->run( true );
		$this->reseal();
		$this->keys->purge();
		$this->nonces->purge();
		$this->events->purge();
		$this->spending->purge();
		$this->erasures->purge();
		$this->backfills->revive();
	}

	/** Puts every secret under the root key of today; see Auth\RootKeys. */
	private function reseal(): void {
		$this->vault->reseal();
		$this->settings->legacy_secret(); // Reading it seals it anew.
	}

	public function now_and_then(): void {
		if ( 1 === random_int( 1, $this->one_in ) ) {
			$this->slice();
		}
	}

	/** That it fails must not fail the request it rides on. */
	public function slice(): void {
		try {
			$this->clock_step->run();
			$this->keys->purge();
			$this->nonces->purge( self::SLICE );
			$this->events->purge( self::SLICE );
			$this->backfills->nudge();
		} catch ( DatabaseError $error ) {
			ErrorLog::add( $error );
		}
	}
}
