<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

use AIDoc\Clock;
use AIDoc\Database;
use AIDoc\DatabaseError;

/** Repository of jobs that are queued many at a time, their files unopened: their digest is '' until one looks (Queue\Digests). */
final class Unread {

	public function __construct( private readonly Clock $clock ) {}

	/**
	 * Makes the rows of many attachments whose files nobody has read yet (their digests are ''), and leaves those there are. Two that
	 * do the same make each row once.
	 *
	 * @param Facts[] $facts
	 * @return int[] Ids of the rows that are new.
	 */
	public function insert( array $facts, int $max_attempts ): array {
		if ( ! $facts ) {
			return array();
		}
		$now    = $this->clock->sql();
		$row    = "(%d, '', 'queued', %d, %d, %s, %s, %d, %s, %s, %s, %d, %s, '[]', $now, $now, $now, $now)";
		$values = array();
		$traces = array();
		foreach ( $facts as $one ) {
			$traces[] = bin2hex( random_bytes( 16 ) );
			array_push( $values, $one->attachmentId, Priority::BACKFILL, $max_attempts, $one->filename, $one->mime, $one->bytes, $one->language, (string) wp_json_encode( $one->source ), $one->fingerprint, (int) $one->localOnly, end( $traces ) );
		}
		Database::write(
			'INSERT IGNORE INTO ' . $this->table() . ' (attachment_id, source_sha256, state, priority, max_attempts, filename, mime, bytes, language, source, fingerprint, local_only, trace_id, failures, available_at, enqueued_at, created_at, updated_at)
			VALUES ' . implode( ', ', array_fill( 0, count( $facts ), $row ) ),
			...$values
		);
		$ids = array_map( static fn( Facts $one ): int => $one->attachmentId, $facts );
		$new = Database::rows( 'SELECT id FROM ' . $this->table() . ' WHERE attachment_id IN (' . self::marks( $ids ) . ") AND source_sha256 = '' AND trace_id IN (" . self::marks( $traces, '%s' ) . ')', ...$ids, ...$traces );
		return array_map( 'intval', array_column( $new, 'id' ) );
	}

	/**
	 * Queues jobs again behind everything new, with what is known of their files; what has changed since is noticed when they are leased.
	 *
	 * @param Job[] $jobs Those that are not in a final state any more are left alone.
	 * @return int[] Ids of those that were queued.
	 */
	public function restart( array $jobs, int $max_attempts ): array {
		$ids    = array_map( static fn( Job $job ): int => $job->id, $jobs );
		$queued = array();
		foreach ( $ids as $id ) {
			if ( Database::write( 'UPDATE ' . $this->table( 'PRIMARY' ) . ' SET ' . Repository::restarted( $this->clock->sql() ) . ", state = 'queued', error_class = '', error_code = '', error_message = '', finished_at = 0 WHERE id = %d AND state IN ('done','failed','cancelled')", Priority::BACKFILL, $max_attempts, $id ) > 0 ) {
				$queued[] = $id;
			}
		}
		return $queued;
	}

	/**
	 * The file of a job was looked at for the first time.
	 *
	 * @return bool False when somebody else was faster, or when the file has a job already.
	 */
	public function identify( int $id, Facts $facts ): bool {
		try {
			return Database::write(
				'UPDATE ' . $this->table( 'PRIMARY' ) . " SET beats = beats + 1, source_sha256 = %s, fingerprint = %s, filename = %s, bytes = %d, source = %s WHERE id = %d AND source_sha256 = '' AND state IN ('queued','leased')",
				$facts->sha256,
				$facts->fingerprint,
				$facts->filename,
				$facts->bytes,
				(string) wp_json_encode( $facts->source ),
				$id
			) > 0;
		} catch ( DatabaseError $error ) {
			if ( $this->is_known( $facts ) ) {
				return false; // The unique index has decided.
			}
			throw $error;
		}
	}

	private function is_known( Facts $facts ): bool {
		return null !== Database::row( 'SELECT id FROM ' . $this->table() . ' WHERE attachment_id = %d AND source_sha256 = %s', $facts->attachmentId, $facts->sha256 );
	}

	/** @param mixed[] $values */
	private static function marks( array $values, string $mark = '%d' ): string {
		return implode( ',', array_fill( 0, count( $values ), $mark ) );
	}

	private function table( string $index = '' ): string {
		return Database::table( 'jobs', $index );
	}
}
