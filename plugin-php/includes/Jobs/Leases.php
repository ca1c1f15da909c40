<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

use AIDoc\Clock;
use AIDoc\Database;

/**
 * The guarded writes of agents. Each names the epoch and the token it believes in and says how many rows agreed;
 * each changes `beats`, because MySQL counts a row that would stay the same as untouched and SQLite does not.
 */
final class Leases {

	public const TTL_MS         = 120_000;
	public const BEAT_MS        = 30_000;
	public const WATCHED_MS     = 5_000;
	public const MAX_RUNTIME_MS = 6 * HOUR_IN_SECONDS * 1000;

	/** error_class of a queued job that nobody can take. */
	public const WAITING = 'waiting';

	private const GUARD = "id = %d AND epoch = %d AND lease_token = %s AND agent_id = %d AND state = 'leased'";
	private const FREED = "lease_token = '', request_id = '', lease_expires_at = 0, watched_until = 0";

	public function __construct( private readonly Clock $clock ) {}

	/**
	 * Jobs an agent could take, best first. Never the same order for everybody within a priority, or all would race
	 * for the first row.
	 *
	 * @param string[] $mimes Exact types, or a type whose subtype is `*`.
	 * @return list<array{id:int,epoch:int}>
	 */
	public function candidates( array $mimes, int $max_bytes, int $limit ): array {
		$rows = $this->page( 'claim', '1=1', array(), $limit );
		$fit  = array_filter( $rows, static fn( $row ) => Mimes::fit( $mimes, $row['mime'] ) && ( $max_bytes <= 0 || (int) $row['bytes'] <= $max_bytes ) );
		if ( ! $fit && count( $rows ) >= $limit ) {
			$fit = $this->further( $mimes, $max_bytes, $limit ); // The head of the queue is for others: look past it.
		}
		$rows = array_values( $fit );
		shuffle( $rows );
		usort( $rows, static fn( $a, $b ) => (int) $a['priority'] <=> (int) $b['priority'] ); // Stable: the shuffle stays within one priority.
		return array_map( static fn( $row ) => array( 'id' => (int) $row['id'], 'epoch' => (int) $row['epoch'] ), $rows );
	}

	/**
	 * Type by type through the index that begins with it: a filter on the queue's own order would read a million rows to
	 * find that none of them fits.
	 *
	 * @param string[] $mimes
	 * @return list<array<string,string|null>>
	 */
	private function further( array $mimes, int $max_bytes, int $limit ): array {
		$exact = array_filter( $mimes, static fn( $mime ) => ! str_ends_with( $mime, '/*' ) );
		if ( count( $exact ) < count( $mimes ) ) {
			list( $filter, $values ) = $this->capability( $mimes, $max_bytes );
			return $this->page( 'claim', $filter, $values, $limit );
		}
		$rows = array();
		foreach ( $exact as $mime ) {
			list( $filter, $values ) = $this->capability( array( $mime ), $max_bytes );
			$rows = array_merge( $rows, $this->page( 'kind', $filter, $values, $limit ) );
		}
		return $rows;
	}

	/** @return list<array<string,string|null>> */
	private function page( string $index, string $filter, array $values, int $limit ): array {
		return Database::rows(
			'SELECT id, epoch, priority, mime, bytes FROM ' . $this->table( $index ) . " WHERE state = 'queued' AND available_at <= " . $this->clock->sql() . " AND $filter ORDER BY priority, available_at, id LIMIT %d",
			...$values,
			...array( $limit )
		);
	}

	/**
	 * Jobs that wait, unexplained so far, although none of these agents could take them.
	 *
	 * @param list<array{mimes:string[],max_bytes:int}> $caps
	 * @return Job[]
	 */
	public function beyond( array $caps, int $after_id, int $limit ): array {
		$not    = '';
		$values = array();
		foreach ( $caps as $one ) {
			list( $filter, $these ) = $this->capability( $one['mimes'], $one['max_bytes'] );
			if ( '' !== $filter ) {
				$not   .= " AND NOT ($filter)";
				$values = array_merge( $values, $these );
			}
		}
		$rows = Database::rows(
			'SELECT * FROM ' . $this->table( 'PRIMARY' ) . " WHERE id > %d AND state = 'queued' AND error_class <> '" . self::WAITING . "' AND available_at <= " . $this->clock->sql() . "$not ORDER BY id LIMIT %d",
			...array( $after_id ),
			...$values,
			...array( $limit )
		);
		return array_map( array( Job::class, 'from_row' ), $rows );
	}

	/** Says why a job waits; it stays in the queue, and a claim wipes the words. */
	public function explain( Job $job, string $code, string $message ): bool {
		return Database::write(
			'UPDATE ' . $this->row() . " SET beats = beats + 1, error_class = '" . self::WAITING . "', error_code = %s, error_message = %s, updated_at = " . $this->clock->sql() . " WHERE id = %d AND epoch = %d AND state = 'queued'",
			$code,
			$message,
			$job->id,
			$job->epoch
		) > 0;
	}

	/** Compare and swap: false when somebody was faster. */
	public function claim( int $id, int $epoch, int $agent_id, string $request_id ): bool {
		return Database::write(
			'UPDATE ' . $this->row() . " SET state = 'leased', epoch = epoch + 1, beats = beats + 1, attempt = attempt + 1, agent_id = %d, lease_token = %s, request_id = %s,
			lease_expires_at = " . $this->clock->sql() . " + %d, phase = '', done = 0, total = 0, note = '', error_class = '', error_code = '', error_message = '', updated_at = " . $this->clock->sql() . "
			WHERE id = %d AND state = 'queued' AND epoch = %d",
			$agent_id,
			\AIDoc\Text::token(),
			$request_id,
			self::TTL_MS,
			$id,
			$epoch
		) > 0;
	}

	/** @return Job[] What this request was given and still holds. */
	public function of_request( int $agent_id, string $request_id ): array {
		$rows = Database::rows(
			'SELECT j.*, a.name AS agent_name FROM ' . $this->table() . ' j LEFT JOIN ' . Database::table( 'agents' ) . " a ON a.id = j.agent_id
			WHERE j.agent_id = %d AND j.state = 'leased' AND j.request_id = %s AND j.lease_expires_at > " . $this->clock->sql() . ' ORDER BY j.priority, j.id',
			$agent_id,
			$request_id
		);
		return array_map( array( Job::class, 'from_row' ), $rows );
	}

	/** @param string|null $checkpoint JSON; null leaves the one there is. */
	public function beat( Ref $ref, string $phase, int $done, int $total, string $note, ?string $checkpoint ): bool {
		$set    = null === $checkpoint ? '' : ', checkpoint = %s';
		$values = array( self::TTL_MS, $phase, $done, $total, $note, ...( null === $checkpoint ? array() : array( $checkpoint ) ) );
		return Database::write(
			'UPDATE ' . $this->row() . ' SET beats = beats + 1, lease_expires_at = ' . $this->clock->sql() . ' + %d, phase = %s, done = %d, total = %d, note = %s, updated_at = ' . $this->clock->sql() . "$set WHERE " . self::GUARD,
			...$values,
			...$this->guard( $ref )
		) > 0;
	}

	/** @param string|null $checkpoint JSON: what a retry of the pages that failed may build on; null where nothing is missing. */
	public function finish( Ref $ref, string $result_id, string $result_sha256, ?string $checkpoint = null ): bool {
		$now  = $this->clock->sql();
		$kept = null === $checkpoint ? 'NULL' : '%s';
		return Database::write(
			'UPDATE ' . $this->row() . " SET state = 'done', beats = beats + 1, result_id = %s, result_sha256 = %s, summary_post_id = 0, phase = '', note = '', checkpoint = $kept,
			error_class = '', error_code = '', error_message = '', lease_expires_at = 0, watched_until = 0, finished_at = $now, updated_at = $now WHERE " . self::GUARD,
			$result_id,
			$result_sha256,
			...( null === $checkpoint ? array() : array( $checkpoint ) ),
			...$this->guard( $ref )
		) > 0;
	}

	/** Ends an attempt: put off, or failed for good. */
	public function end_attempt( Ref $ref, State $next, int $wait_ms, string $class, string $code, string $message, string $failures, int $crashes ): bool {
		$now  = $this->clock->sql();
		$done = $next->is_final() ? $now : '0';
		return Database::write(
			'UPDATE ' . $this->row() . " SET state = %s, beats = beats + 1, available_at = $now + %d, error_class = %s, error_code = %s, error_message = %s, failures = %s, crashes = %d, updated_at = $now, finished_at = $done, phase = '', note = '', " . self::FREED . ' WHERE ' . self::GUARD,
			$next->value,
			$wait_ms,
			$class,
			$code,
			$message,
			$failures,
			$crashes,
			...$this->guard( $ref )
		) > 0;
	}

	/** Given back unworked: the attempt is not counted, and it keeps its place in the queue. */
	public function release( Ref $ref ): bool {
		$now = $this->clock->sql();
		return Database::write(
			'UPDATE ' . $this->row() . " SET state = 'queued', beats = beats + 1, attempt = CASE WHEN attempt > 0 THEN attempt - 1 ELSE 0 END, agent_id = 0, available_at = enqueued_at, updated_at = $now, phase = '', done = 0, total = 0, note = '', " . self::FREED . ' WHERE ' . self::GUARD,
			...$this->guard( $ref )
		) > 0;
	}

	/** An agent was revoked: what it held is free at once, and none of its attempts counts. */
	public function release_all( int $agent_id ): int {
		$now = $this->clock->sql();
		return Database::write(
			'UPDATE ' . $this->table() . " SET state = 'queued', beats = beats + 1, attempt = CASE WHEN attempt > 0 THEN attempt - 1 ELSE 0 END, agent_id = 0, available_at = enqueued_at, updated_at = $now, phase = '', done = 0, total = 0, note = '', " . self::FREED . " WHERE agent_id = %d AND state = 'leased'",
			$agent_id
		);
	}

	/** @return Job[] Leases that ran out, oldest first. */
	public function expired( int $limit ): array {
		$rows = Database::rows(
			'SELECT j.*, a.name AS agent_name FROM ' . $this->table() . ' j LEFT JOIN ' . Database::table( 'agents' ) . " a ON a.id = j.agent_id
			WHERE j.state = 'leased' AND j.lease_expires_at < " . $this->clock->sql() . ' ORDER BY j.lease_expires_at LIMIT %d',
			$limit
		);
		return array_map( array( Job::class, 'from_row' ), $rows );
	}

	/** Ends a lease that ran out, unless a beat came in between. */
	public function expire( Job $job, Crash $crash ): bool {
		return $this->crashed( $crash, "id = %d AND epoch = %d AND state = 'leased' AND lease_expires_at < " . $this->clock->sql(), $job->id, $job->epoch );
	}

	/** Ends a lease whose holder says that it crashed. */
	public function hand_back( Ref $ref, Crash $crash ): bool {
		return $this->crashed( $crash, self::GUARD, ...$this->guard( $ref ) );
	}

	/** After a crash a job waits at its old place in the queue: the document need not rest, its agent was the trouble. */
	private function crashed( Crash $crash, string $where, mixed ...$values ): bool {
		$now  = $this->clock->sql();
		$done = $crash->next->is_final() ? $now : '0';
		return Database::write(
			'UPDATE ' . $this->row() . " SET state = %s, beats = beats + 1, available_at = enqueued_at, error_class = 'crash', error_code = %s, error_message = %s, failures = %s, crashes = %d, updated_at = $now, finished_at = $done, phase = '', note = '', " . self::FREED . " WHERE $where",
			$crash->next->value,
			$crash->code,
			$crash->message,
			$crash->failures,
			$crash->crashes,
			...$values
		) > 0;
	}

	/** @return array{0:string,1:list<mixed>} SQL and values; '' where the agent can read nothing. */
	private function capability( array $mimes, int $max_bytes ): array {
		$size = $max_bytes > 0 ? 'bytes <= %d' : '1=1';
		$tail = $max_bytes > 0 ? array( $max_bytes ) : array();
		if ( in_array( '*/*', $mimes, true ) ) {
			return array( $size, $tail );
		}
		$parts  = array();
		$values = array();
		$exact  = array_values( array_filter( $mimes, static fn( $mime ) => ! str_ends_with( $mime, '/*' ) ) );
		if ( $exact ) {
			$parts[] = 'mime IN (' . implode( ',', array_fill( 0, count( $exact ), '%s' ) ) . ')';
			$values  = $exact;
		}
		foreach ( $mimes as $mime ) {
			if ( str_ends_with( $mime, '/*' ) ) {
				$parts[]  = 'mime LIKE %s';
				$values[] = Database::wpdb()->esc_like( substr( $mime, 0, -1 ) ) . '%';
			}
		}
		return $parts ? array( '(' . implode( ' OR ', $parts ) . ") AND $size", array_merge( $values, $tail ) ) : array( '', array() );
	}

	/** @return array{0:int,1:int,2:string,3:int} */
	private function guard( Ref $ref ): array {
		return array( $ref->jobId, $ref->epoch, $ref->token, $ref->agentId );
	}

	/** For writes that name one row. */
	private function row(): string {
		return $this->table( 'PRIMARY' );
	}

	private function table( string $index = '' ): string {
		return Database::table( 'jobs', $index );
	}
}
