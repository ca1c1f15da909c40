<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Clock;
use AIDoc\Database;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\State;
use AIDoc\Settings;

/**
 * Repository of leases: the guarded writes of agents. Each names the epoch and the token that the row must still have and says
 * how many rows matched; each changes `beats`, because MySQL counts a row that would stay the same as untouched and SQLite does not.
 */
final class Leases {

	public const TTL_MS         = 120_000;
	public const BEAT_MS        = 30_000;
	public const WATCHED_MS     = 5_000;
	public const MAX_RUNTIME_MS = 6 * HOUR_IN_SECONDS * 1000;

	/** error_class of a queued job that waits for something that an editor can be told. */
	public const WAITING = 'waiting';

	/** error_code of one whose model's provider works on a batch. */
	public const BATCH = 'aidoc_batch';

	/** The longest time for which an agent may give a lease back. */
	public const MAX_AWAY_S = 2 * DAY_IN_SECONDS;

	private const GUARD = "id = %d AND epoch = %d AND lease_token = %s AND agent_id = %d AND state = 'leased'";
	private const FREED = "lease_token = '', request_id = '', lease_expires_at = 0, watched_until = 0";

	public function __construct( private readonly Clock $clock ) {}

	/** @return array{max_bytes:int,ttl_ms:int,beat_ms:int} As `/join` and `/echo` tell an agent. */
	public static function limits( Settings $settings ): array {
		return array(
			'max_bytes' => (int) $settings->get( 'max_bytes' ),
			'ttl_ms'    => self::TTL_MS,
			'beat_ms'   => self::BEAT_MS,
		);
	}

	/**
	 * Records why a job waits; it stays in the queue, and a claim clears the reason.
	 *
	 * @param int|null $wait_ms How long others go before it; null keeps its place in the queue.
	 */
	public function explain( Job $job, string $code, string $message, ?int $wait_ms = null ): bool {
		$from = null === $wait_ms ? 'available_at' : $this->clock->sql() . " + $wait_ms";
		return Database::write(
			'UPDATE ' . $this->row() . " SET beats = beats + 1, available_at = $from, error_class = '" . self::WAITING . "', error_code = %s, error_message = %s, updated_at = " . $this->clock->sql() . " WHERE id = %d AND epoch = %d AND state = 'queued'",
			$code,
			$message,
			$job->id,
			$job->epoch
		) > 0;
	}

	/** Compare and swap: false when another request was faster. */
	public function claim( int $id, int $epoch, int $agent_id, string $request_id ): bool {
		return Database::write(
			'UPDATE ' . $this->row() . " SET state = 'leased', epoch = epoch + 1, beats = beats + 1, attempt = attempt + 1, agent_id = %d, lease_token = %s, request_id = %s,
			lease_expires_at = " . $this->clock->sql() . ' + %d, claimed_at = ' . $this->clock->sql() . ", phase = '', done = 0, total = 0, note = '', error_class = '', error_code = '', error_message = '', updated_at = " . $this->clock->sql() . "
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

	/**
	 * Renews a lease, but never past the time that one document may take: an agent that keeps it for longer loses it, even while it beats.
	 *
	 * @param string|null $checkpoint JSON; null leaves the one there is.
	 */
	public function beat( LeaseRef $ref, string $phase, int $done, int $total, string $note, ?string $checkpoint ): bool {
		$now    = $this->clock->sql();
		$end    = 'claimed_at + ' . self::MAX_RUNTIME_MS;
		$set    = null === $checkpoint ? '' : ', checkpoint = %s';
		$values = array( self::TTL_MS, self::TTL_MS, $phase, $done, $total, $note, ...( null === $checkpoint ? array() : array( $checkpoint ) ) );
		return Database::write(
			'UPDATE ' . $this->row() . " SET beats = beats + 1, lease_expires_at = CASE WHEN claimed_at > 0 AND $end < $now + %d THEN $end ELSE $now + %d END, phase = %s, done = %d, total = %d, note = %s, updated_at = $now$set WHERE (claimed_at = 0 OR $end > $now) AND " . self::GUARD,
			...$values,
			...$this->guard( $ref )
		) > 0;
	}

	/** @param string|null $checkpoint JSON: what a retry of the pages that failed may build on; null where nothing is missing. */
	public function finish( LeaseRef $ref, string $result_id, string $result_sha256, ?string $checkpoint = null ): bool {
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

	/** Ends an attempt: to be retried later, or failed for good. */
	public function end_attempt( LeaseRef $ref, State $next, int $wait_ms, string $error_class, string $code, string $message, string $failures, int $crashes ): bool {
		$now  = $this->clock->sql();
		$done = $next->is_final() ? $now : '0';
		return Database::write(
			'UPDATE ' . $this->row() . " SET state = %s, beats = beats + 1, available_at = $now + %d, error_class = %s, error_code = %s, error_message = %s, failures = %s, crashes = %d, updated_at = $now, finished_at = $done, phase = '', note = '', " . self::FREED . ' WHERE ' . self::GUARD,
			$next->value,
			$wait_ms,
			$error_class,
			$code,
			$message,
			$failures,
			$crashes,
			...$this->guard( $ref )
		) > 0;
	}

	/** Returned unworked: the attempt does not count, and the job keeps its place in the queue. */
	public function release( LeaseRef $ref ): bool {
		return Database::write( 'UPDATE ' . $this->row() . ' SET ' . $this->returned() . ' WHERE ' . self::GUARD, ...$this->guard( $ref ) ) > 0;
	}

	/**
	 * The same for a while: what the document needs is not there yet, so nobody is given it before.
	 *
	 * @param int    $seconds From 1 to MAX_AWAY_S.
	 * @param string $code    What it waits for: BATCH, or '' where that was not told.
	 */
	public function release_for( LeaseRef $ref, int $seconds, string $code ): bool {
		return Database::write(
			'UPDATE ' . $this->row() . ' SET ' . $this->returned( $this->clock->sql() . ' + %d' ) . ', error_class = %s, error_code = %s WHERE ' . self::GUARD,
			$seconds * 1000,
			'' === $code ? '' : self::WAITING,
			$code,
			...$this->guard( $ref )
		) > 0;
	}

	/** A document became local only while an agent had it that may send its text elsewhere. */
	public function recall_open( int $attachment_id ): int {
		return Database::write( 'UPDATE ' . $this->table() . ' SET local_only = 1, ' . $this->returned() . " WHERE attachment_id = %d AND state = 'leased' AND local_only = 0", $attachment_id );
	}

	/**
	 * The same for all documents of some types.
	 *
	 * @param string[]|null $mimes Null for every type.
	 */
	public function recall_open_types( ?array $mimes ): int {
		if ( array() === $mimes ) {
			return 0;
		}
		$types = null === $mimes ? '' : ' AND mime IN (' . implode( ',', array_fill( 0, count( $mimes ), '%s' ) ) . ')';
		return Database::write( 'UPDATE ' . $this->table() . ' SET local_only = 1, ' . $this->returned() . " WHERE state = 'leased' AND local_only = 0$types", ...( $mimes ?? array() ) );
	}

	/** What a lease was given with: no later change may make more of it. */
	public function set_local_only( Job $job, bool $local_only ): void {
		Database::write( 'UPDATE ' . $this->row() . ' SET local_only = %d, beats = beats + 1 WHERE id = %d AND epoch = %d', (int) $local_only, $job->id, $job->epoch );
	}

	/** An agent was revoked: what it held is free at once, and none of its attempts counts. */
	public function release_all( int $agent_id ): int {
		return Database::write( 'UPDATE ' . $this->table() . ' SET ' . $this->returned() . " WHERE agent_id = %d AND state = 'leased'", $agent_id );
	}

	private function returned( string $available = 'enqueued_at' ): string {
		$now = $this->clock->sql();
		return "state = 'queued', beats = beats + 1, attempt = CASE WHEN attempt > 0 THEN attempt - 1 ELSE 0 END, agent_id = 0, available_at = $available, updated_at = $now, phase = '', done = 0, total = 0, note = '', " . self::FREED;
	}

	/** How many leases an agent holds, those that ran out and were not put back yet among them. */
	public function held_by( int $agent_id ): int {
		return (int) Database::row( 'SELECT COUNT(*) AS n FROM ' . $this->table( 'holder' ) . " WHERE agent_id = %d AND state = 'leased'", $agent_id )['n'];
	}

	/** @return int[] Jobs that an agent holds. */
	public function held_jobs( int $agent_id ): array {
		return $this->surplus( $agent_id, 0 );
	}

	/**
	 * What an agent holds beyond so many, those it was given first not counted: requests that were answered at the same moment
	 * each saw room for themselves.
	 *
	 * @return int[] Ids of jobs.
	 */
	public function surplus( int $agent_id, int $allowed ): array {
		$rows = Database::rows( 'SELECT id FROM ' . $this->table( 'holder' ) . " WHERE agent_id = %d AND state = 'leased' ORDER BY claimed_at, id LIMIT 1000 OFFSET %d", $agent_id, $allowed );
		return array_map( 'intval', array_column( $rows, 'id' ) );
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
	public function expire( Job $job, Ending $ending ): bool {
		return $this->end( $ending, "id = %d AND epoch = %d AND state = 'leased' AND lease_expires_at < " . $this->clock->sql(), $job->id, $job->epoch );
	}

	/** Ends a lease whose holder says that it crashed. */
	public function hand_back( LeaseRef $ref, Ending $ending ): bool {
		return $this->end( $ending, self::GUARD, ...$this->guard( $ref ) );
	}

	private function end( Ending $ending, string $where, mixed ...$values ): bool {
		$now  = $this->clock->sql();
		$done = $ending->next->is_final() ? $now : '0';
		$from = null === $ending->waitMs ? 'enqueued_at' : "$now + {$ending->waitMs}";
		return Database::write(
			'UPDATE ' . $this->row() . " SET state = %s, beats = beats + 1, available_at = $from, error_class = %s, error_code = %s, error_message = %s, failures = %s, crashes = %d, updated_at = $now, finished_at = $done, phase = '', note = '', " . self::FREED . " WHERE $where",
			$ending->next->value,
			$ending->errorClass,
			$ending->code,
			$ending->message,
			$ending->failures,
			$ending->crashes,
			...$values
		) > 0;
	}

	/** @return array{0:int,1:int,2:string,3:int} */
	private function guard( LeaseRef $ref ): array {
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
