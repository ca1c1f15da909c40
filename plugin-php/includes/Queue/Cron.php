<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

/** Housekeeping by schedule. Nothing depends on it: requests of agents do the same, so a site whose cron is switched off works. */
final class Cron {

	public const HOOK = 'aidoc_tick';

	/** Fills in what summaries are found by, those that were there before: Search\Indexer, a batch at a time. */
	public const INDEX_TEXTS = 'aidoc_index_texts';
	private const INTERVAL   = 'aidoc_five_minutes';

	/** @param \Closure():Housekeeping $housekeeping Built when it is time: every request of the site comes by here. */
	public function __construct( private readonly \Closure $housekeeping ) {}

	public function register(): void {
		add_filter( 'cron_schedules', array( self::class, 'add_interval' ) );
		add_action( self::HOOK, array( $this, 'tick' ) );
	}

	public static function schedule(): void {
		if ( ! wp_next_scheduled( self::HOOK ) ) {
			add_filter( 'cron_schedules', array( self::class, 'add_interval' ) );
			wp_schedule_event( time() + MINUTE_IN_SECONDS, self::INTERVAL, self::HOOK );
		}
	}

	/** @param array<string,array{interval:int,display:string}> $schedules */
	public static function add_interval( array $schedules ): array {
		$schedules[ self::INTERVAL ] = array(
			'interval' => 5 * MINUTE_IN_SECONDS,
			// Not translated: core lists schedules before `init`, where a translation would come too early.
			'display'  => 'AI Document Pipeline: every five minutes',
		);
		return $schedules;
	}

	public function tick(): void {
		( $this->housekeeping )()->run();
	}
}
