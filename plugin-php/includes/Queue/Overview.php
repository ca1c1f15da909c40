<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Clock;
use AIDoc\Database;
use AIDoc\Media\AgentBlock;

/** Repository of the few numbers that the dashboard shows. Reads only; one statement. */
final class Overview {

	private const GROUP   = 'aidoc';
	private const KEY     = 'overview';
	private const CACHE_S = 30;

	public function __construct( private readonly Clock $clock ) {}

	/**
	 * Where the site has an object cache that outlives the request it is asked every half minute; elsewhere each time, for an option would
	 * cost as much as the question.
	 *
	 * @return array{waiting:int,working:int,done:int,failed:int,usd:float,agents:int,online:int} `done` and `usd` of this day of the site, `failed` of all time.
	 */
	public function numbers(): array {
		$kept = wp_using_ext_object_cache() ? wp_cache_get( self::KEY, self::GROUP ) : false;
		if ( is_array( $kept ) ) {
			return $kept;
		}
		$numbers = $this->look();
		if ( wp_using_ext_object_cache() ) {
			wp_cache_set( self::KEY, $numbers, self::GROUP, self::CACHE_S );
		}
		return $numbers;
	}

	// ONLINE is a word of MySQL's own to the SQLite drop-in.
	private function look(): array {
		$jobs   = Database::table( 'jobs' );
		$agents = Database::table( 'agents' );
		$day    = Period::day( $this->clock->wall_ms(), 0.0, 0 )->startMs; // Midnight needs no exacter clock than this server's.
		$row    = Database::row(
			"SELECT (SELECT COUNT(*) FROM $jobs WHERE state = 'queued') AS waiting, (SELECT COUNT(*) FROM $jobs WHERE state = 'leased') AS working,
			(SELECT COUNT(*) FROM $jobs WHERE state = 'failed' AND error_code <> 'no_text') AS failed,
			(SELECT COUNT(*) FROM " . Database::table( 'events' ) . " WHERE kind = 'done' AND at_ms >= %d) AS done,
			(SELECT COALESCE(SUM(usd_nano), 0) FROM " . Database::table( 'spending' ) . " WHERE at_ms >= %d AND job_id > 0) AS nano,
			(SELECT COUNT(*) FROM $agents WHERE state = 'active') AS agents,
			(SELECT COUNT(*) FROM $agents WHERE state = 'active' AND stopped_at = 0 AND last_seen_at > " . $this->clock->sql() . ' - %d) AS present',
			$day,
			$day,
			AgentBlock::SILENT_MS
		);
		return array(
			'waiting' => (int) $row['waiting'],
			'working' => (int) $row['working'],
			'done'    => (int) $row['done'],
			'failed'  => (int) $row['failed'],
			'usd'     => (int) $row['nano'] / 1e9,
			'agents'  => (int) $row['agents'],
			'online'  => (int) $row['present'],
		);
	}
}
