<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Clock;
use AIDoc\Database;

/**
 * Repository of times in the queue that lie in the future because the database's clock was set back: those written
 * before then lie further ahead than anything the queue writes. Left alone, the lease of an agent that is gone would last, and a document
 * would wait, for as long as the step was. A holder that lives loses nothing: its lease is cut to the length that it would have
 * from now on.
 */
final class ClockStep {

	/** Clocks are corrected by less than this all the time. */
	private const TOLERANCE_MS = 5_000;
	private const BATCH        = 500;

	public function __construct( private readonly Clock $clock ) {}

	/** @return int Rows that were brought back to the present. */
	public function run(): int {
		$now = $this->clock->sql();
		// Looked for without a lock, then each row by its key: an UPDATE along the index would lock the place where new leases go.
		$leases = Database::rows( 'SELECT id, epoch FROM ' . Database::table( 'jobs', 'expiry' ) . " WHERE state = 'leased' AND lease_expires_at > $now + %d LIMIT %d", Leases::TTL_MS + self::TOLERANCE_MS, self::BATCH );
		// A row that waits was last written when its wait began.
		$waiting = Database::rows( 'SELECT id, epoch FROM ' . Database::table( 'jobs', 'due' ) . " WHERE state = 'queued' AND available_at > $now AND updated_at > $now + %d LIMIT %d", self::TOLERANCE_MS, self::BATCH );
		$fixed   = 0;
		$since   = "enqueued_at = CASE WHEN enqueued_at > $now THEN $now ELSE enqueued_at END"; // Where a job that is put back has its place.
		foreach ( $leases as $row ) {
			$fixed += $this->fix( $row, "$since, claimed_at = CASE WHEN claimed_at > $now THEN $now ELSE claimed_at END, lease_expires_at = $now + %d", 'leased', 'lease_expires_at', Leases::TTL_MS );
		}
		foreach ( $waiting as $row ) {
			$fixed += $this->fix( $row, "available_at = CASE WHEN available_at > updated_at THEN $now + available_at - updated_at ELSE $now END, $since, updated_at = $now + %d", 'queued', 'updated_at', 0 );
		}
		return $fixed;
	}

	/** @param array<string,string|null> $row */
	private function fix( array $row, string $set, string $state, string $ahead, int $ms ): int {
		return Database::write(
			'UPDATE ' . Database::table( 'jobs', 'PRIMARY' ) . " SET beats = beats + 1, $set WHERE id = %d AND epoch = %d AND state = %s AND $ahead > " . $this->clock->sql() . ' + %d',
			$ms,
			(int) $row['id'],
			(int) $row['epoch'],
			$state,
			$ms + self::TOLERANCE_MS
		);
	}
}
