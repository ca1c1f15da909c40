<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Clock;
use AIDoc\Database;

/** Repository of the order in which documents wait, and of how fast they were read lately. Reads only; a query each, whatever waits. */
final class Line {

	/** So many finished documents tell the pace. */
	private const RECENT = 30;

	/** What was read longer ago tells nothing of the agents that there are now. */
	private const LATELY_MS = DAY_IN_SECONDS * 1000;

	public function __construct( private readonly Clock $clock ) {}

	/**
	 * The database's time and what waits, in one query.
	 *
	 * @return array{now_ms:int,head:list<int>} Jobs that could be taken now, the next one first.
	 */
	public function look( int $limit ): array {
		$now  = $this->clock->sql();
		$rows = Database::rows(
			"SELECT c.now_ms, q.id FROM (SELECT $now AS now_ms) c LEFT JOIN (SELECT id, priority, available_at FROM " . Database::table( 'jobs', 'claim' ) . " WHERE state = 'queued' AND available_at <= $now ORDER BY priority, available_at, id LIMIT %d) q
			ON q.id > 0 ORDER BY q.priority, q.available_at, q.id",
			$limit
		);
		return array(
			'now_ms' => (int) $rows[0]['now_ms'],
			'head'   => array_map( 'intval', array_filter( array_column( $rows, 'id' ) ) ),
		);
	}

	/** @return int When the document that has waited longest was queued, of those that could be taken now; 0 where none waits. */
	public function oldest_ms(): int {
		return (int) Database::row( 'SELECT MIN(enqueued_at) AS oldest FROM ' . Database::table( 'jobs' ) . " WHERE state = 'queued' AND available_at <= " . $this->clock->sql() )['oldest'];
	}

	/** How many documents were finished in the last so many milliseconds, at most 30 days. */
	public function finished_in( int $ms ): int {
		return (int) Database::row( 'SELECT COUNT(*) AS n FROM ' . Database::table( 'events' ) . " WHERE kind = 'done' AND at_ms > " . $this->clock->sql() . ' - %d', $ms )['n'];
	}

	/** @return int The median of how long a document was held from its lease to its result, in milliseconds; 0 where none was read lately. */
	public function held_ms(): int {
		$rows = Database::rows(
			'SELECT j.finished_at - j.claimed_at AS held FROM ' . Database::table( 'events' ) . ' e JOIN ' . Database::table( 'jobs' ) . " j ON j.id = e.job_id
			WHERE e.kind = 'done' AND e.at_ms > " . $this->clock->sql() . ' - %d AND j.claimed_at > 0 AND j.finished_at > j.claimed_at ORDER BY e.at_ms DESC LIMIT %d',
			self::LATELY_MS,
			self::RECENT
		);
		$held = array_map( 'intval', array_column( $rows, 'held' ) );
		sort( $held );
		return $held ? $held[ intdiv( count( $held ), 2 ) ] : 0;
	}
}
