<?php
declare( strict_types=1 );

namespace AIDoc\Privacy;

use AIDoc\Clock;
use AIDoc\Database;

/**
 * Repository of what agents still have to erase: for each job one row an agent, until that agent says that it is done. Rows of an agent that
 * never comes back go after a while.
 */
final class Erasures {

	public const KEEP_MS = 30 * DAY_IN_SECONDS * 1000;

	/** So many are told in one answer. */
	public const MOST = 64;

	public function __construct( private readonly Clock $clock ) {}

	/** All that agents have of a document. */
	public function of_attachment( int $attachment_id ): int {
		return $this->add( 'j.attachment_id = %d', $attachment_id );
	}

	/** All that agents have of the document that a summary is of. */
	public function of_summary( int $summary_id ): int {
		return $this->add( 'j.summary_post_id = %d', $summary_id );
	}

	/** Every agent that ever asked may have worked on it. A row that is there begins anew: the job may have been done again since. */
	private function add( string $where, int $id ): int {
		$rows = Database::rows( 'SELECT j.id AS job_id, j.source_sha256, a.id AS agent_id FROM ' . Database::table( 'jobs' ) . ' j, ' . Database::table( 'agents' ) . " a WHERE $where AND a.last_seen_at > 0 AND a.state <> 'revoked' ORDER BY j.id, a.id", $id );
		foreach ( $rows as $row ) {
			Database::write( 'REPLACE INTO ' . $this->table() . ' (job_id, agent_id, sha256, at_ms) VALUES (%d, %d, %s, ' . $this->clock->sql() . ')', (int) $row['job_id'], (int) $row['agent_id'], (string) $row['source_sha256'] );
		}
		return count( $rows );
	}

	/** @return list<array{job_id:int,sha256:string}> What this agent is to erase now, the oldest first. Not what was queued again since: that is somebody's new wish. */
	public function for_agent( int $agent_id ): array {
		$rows = Database::rows(
			'SELECT e.job_id, e.sha256 FROM ' . $this->table() . ' e WHERE e.agent_id = %d AND NOT EXISTS (SELECT 1 FROM ' . Database::table( 'jobs' ) . ' j WHERE j.id = e.job_id AND j.enqueued_at > e.at_ms) ORDER BY e.at_ms, e.job_id LIMIT %d',
			$agent_id,
			self::MOST
		);
		return array_map(
			static fn( array $row ): array => array(
				'job_id' => (int) $row['job_id'],
				'sha256' => (string) $row['sha256'],
			),
			$rows
		);
	}

	/** @param int[] $job_ids What an agent says it has erased. */
	public function acknowledge( int $agent_id, array $job_ids ): void {
		if ( $job_ids ) {
			Database::write( 'DELETE FROM ' . $this->table() . ' WHERE agent_id = %d AND job_id IN (' . implode( ',', array_fill( 0, count( $job_ids ), '%d' ) ) . ')', $agent_id, ...array_values( $job_ids ) );
		}
	}

	/** Forgets what nobody will answer: it is too old, or its agent is gone. */
	public function purge(): void {
		$table = $this->table();
		Database::write( "DELETE FROM $table WHERE at_ms < " . $this->clock->sql() . ' - %d', self::KEEP_MS );
		Database::write( "DELETE FROM $table WHERE agent_id NOT IN (SELECT id FROM " . Database::table( 'agents' ) . " WHERE state <> 'revoked')" );
	}

	/** How many there are, for people. */
	public function count(): int {
		return (int) Database::row( 'SELECT COUNT(*) AS n FROM ' . $this->table() )['n'];
	}

	private function table(): string {
		return Database::table( 'erasures' );
	}
}
