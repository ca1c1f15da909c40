<?php
declare( strict_types=1 );

namespace AIDoc\Backfill;

use AIDoc\Clock;
use AIDoc\Database;

/**
 * Repository of backfills. The row of one is its cursor: whoever has worked on a page of the library writes it back only if nobody else has
 * meanwhile. One is open at a time: `slot` is unique, and the same for all that are open.
 */
final class Repository {

	private const OPEN = 'open';

	/** So many that have ended are kept to be looked at. */
	private const KEPT = 20;

	public function __construct( private readonly Clock $clock ) {}

	/** @return int|null Its id; null where another one is open. */
	public function insert( Filter $filter, bool $dry, int $upto, int $total, int $user_id ): ?int {
		$now  = $this->clock->sql();
		$made = Database::write(
			'INSERT IGNORE INTO ' . $this->table() . " (slot, state, dry, criteria, upto_id, total, tally, user_id, created_at, updated_at) VALUES (%s, 'running', %d, %s, %d, %d, '{}', %d, $now, $now)",
			self::OPEN,
			(int) $dry,
			(string) wp_json_encode( $filter->to_array() ),
			$upto,
			$total,
			$user_id
		);
		return 1 === $made ? (int) Database::wpdb()->insert_id : null;
	}

	public function find( int $id ): ?Run {
		return $this->one( 'id = %d', $id );
	}

	/** The one that is open, or else the one that ended last. */
	public function latest(): ?Run {
		return $this->one( '1=1 ORDER BY id DESC LIMIT 1' );
	}

	/** The one that goes on by itself. One indexed read: requests of agents ask for it. */
	public function running(): ?Run {
		return $this->one( "slot = %s AND state = 'running'", self::OPEN );
	}

	/** Compare and swap: false when another runner has done this page, or somebody paused or stopped it. */
	public function advance( Run $run, int $cursor, bool $last ): bool {
		$now = $this->clock->sql();
		return 1 === Database::write(
			'UPDATE ' . $this->table() . ' SET cursor_id = %d, version = version + 1, state = %s, slot = CASE WHEN %d = 1 THEN CONCAT(\'ended-\', id) ELSE slot END, ' . "updated_at = $now, finished_at = " . ( $last ? $now : '0' ) . " WHERE id = %d AND version = %d AND state = 'running'",
			$cursor,
			$last ? Run::DONE : Run::RUNNING,
			(int) $last,
			$run->id,
			$run->version
		);
	}

	/** In the transaction of advance(), which nobody else passes before it ends. */
	public function record( int $id, Tally $tally ): void {
		Database::write( 'UPDATE ' . $this->table() . ' SET tally = %s WHERE id = %d', $tally->json(), $id );
	}

	/** @return bool False when it was not in one of these states. */
	public function set_state( int $id, string $state, string ...$from ): bool {
		$now   = $this->clock->sql();
		$ended = Run::STOPPED === $state;
		return 1 === Database::write(
			'UPDATE ' . $this->table() . ' SET state = %s, version = version + 1, slot = CASE WHEN %d = 1 THEN CONCAT(\'ended-\', id) ELSE slot END, ' . "updated_at = $now, finished_at = " . ( $ended ? $now : '0' ) . ' WHERE id = %d AND state IN (' . implode( ',', array_fill( 0, count( $from ), '%s' ) ) . ')',
			$state,
			(int) $ended,
			$id,
			...$from
		);
	}

	public function purge(): void {
		$last = Database::row( 'SELECT id FROM ' . $this->table() . ' WHERE slot <> %s ORDER BY id DESC LIMIT 1 OFFSET %d', self::OPEN, self::KEPT );
		if ( $last ) {
			Database::write( 'DELETE FROM ' . $this->table() . ' WHERE slot <> %s AND id <= %d', self::OPEN, (int) $last['id'] );
		}
	}

	private function one( string $where, mixed ...$values ): ?Run {
		$row = Database::row( 'SELECT * FROM ' . $this->table() . " WHERE $where", ...$values );
		return $row ? Run::from_row( $row ) : null;
	}

	private function table(): string {
		return Database::table( 'backfills' );
	}
}
