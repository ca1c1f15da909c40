<?php
declare( strict_types=1 );

namespace AIDoc\Backfill;

/**
 * Keeps a backfill going while nobody looks: with Action Scheduler where a plugin brings it, with WP-Cron otherwise. Where cron is switched
 * off, the requests of agents do (Queue\Housekeeping), and so does the open page.
 */
final class Schedule {

	/** What Plugin hooks. */
	public const HOOK  = 'aidoc_backfill';
	public const GROUP = 'ai-doc-pipeline';

	/** Of one action or event: well below the time limit of any host. */
	private const SECONDS = 15.0;

	/** Who is silent for so long has died. */
	private const DEAD_MS = 60_000;

	/** @param \Closure():Runner $runner */
	public function __construct(
		private readonly Repository $runs,
		private readonly \Closure $runner,
	) {}

	/** Works for a while, and orders the next tick before that: should this one die, the next still comes. */
	public function tick(): void {
		$run = $this->runs->running();
		if ( ! $run ) {
			return;
		}
		$run = ( $this->runner )()->run( $run->id, self::SECONDS );
		if ( Run::RUNNING === $run?->state ) {
			$this->soon();
		}
	}

	/** Orders a tick as soon as possible, unless one is ordered. */
	public function soon(): void {
		if ( function_exists( 'as_enqueue_async_action' ) && function_exists( 'as_get_scheduled_actions' ) ) {
			if ( ! self::is_pending() ) {
				as_enqueue_async_action( self::HOOK, array(), self::GROUP );
			}
		} elseif ( ! wp_next_scheduled( self::HOOK ) ) {
			wp_schedule_single_event( time(), self::HOOK );
		}
	}

	/** The action that is running counts for as_has_scheduled_action() too: it would never order the next. */
	private static function is_pending(): bool {
		return array() !== as_get_scheduled_actions(
			array(
				'hook'     => self::HOOK,
				'group'    => self::GROUP,
				'status'   => 'pending',
				'per_page' => 1,
			),
			'ids'
		);
	}

	/** A tick that died has ordered no other. */
	public function revive( int $now_ms ): void {
		$run = $this->runs->running();
		if ( $run && $run->updatedMs < $now_ms - self::DEAD_MS ) {
			$this->soon();
		}
	}

	public static function clear(): void {
		wp_clear_scheduled_hook( self::HOOK );
		if ( function_exists( 'as_unschedule_all_actions' ) ) {
			as_unschedule_all_actions( self::HOOK, array(), self::GROUP );
		}
	}
}
