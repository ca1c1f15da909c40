<?php
declare( strict_types=1 );

namespace AIDoc\Tests\Beside;

use AIDoc\Backfill\Filter;
use AIDoc\Backfill\Run;
use AIDoc\Backfill\Schedule;

require_once __DIR__ . '/BesideTestCase.php';

/** Action Scheduler drives a backfill, one action after the other, and WP-Cron does not. */
final class ActionSchedulerTest extends BesideTestCase {

	protected function tearDown(): void {
		Schedule::clear();
		parent::tearDown();
	}

	/** @return int[] Actions of ours that wait. */
	private static function pending(): array {
		return as_get_scheduled_actions( array( 'hook' => Schedule::HOOK, 'group' => Schedule::GROUP, 'status' => \ActionScheduler_Store::STATUS_PENDING, 'per_page' => 10 ), 'ids' );
	}

	public function test_a_tick_orders_the_next_while_it_runs(): void {
		$schedule = $this->plugin()->backfill_schedule();
		$schedule->soon();
		$schedule->soon();
		self::assertCount( 1, self::pending(), 'Ordered once.' );
		self::assertFalse( wp_next_scheduled( Schedule::HOOK ), 'WP-Cron has nothing to do.' );
		$within = null;
		$probe  = static function () use ( $schedule, &$within ) {
			$schedule->soon(); // As tick() does with more left to do.
			$within = self::pending();
		};
		add_action( Schedule::HOOK, $probe, 1 );
		\ActionScheduler::runner()->process_action( self::pending()[0] );
		remove_action( Schedule::HOOK, $probe, 1 );
		self::assertCount( 1, (array) $within, 'The action that is running is not one that waits.' );
	}

	public function test_it_works_a_library_off(): void {
		$this->plugin()->settings()->update( array( 'enqueue_on_upload' => false ) );
		$ids = array( $this->upload( 'a.pdf', 'a' ), $this->upload( 'b.pdf', 'b' ), $this->upload( 'c.pdf', 'c' ) );
		$this->end_request();
		$run = $this->plugin()->backfill_manager()->start( Filter::from( array() ), false );
		self::assertInstanceOf( Run::class, $run );
		for ( $left = 10, $next = self::pending(); $left > 0 && $next; $left--, $next = self::pending() ) {
			\ActionScheduler::runner()->process_action( $next[0] );
		}
		self::assertSame( array( count( $ids ), array() ), array( $this->jobs(), self::pending() ) );
		self::assertSame( Run::DONE, $this->plugin()->backfills()->find( $run->id )->state );
	}
}
