<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Clock;
use AIDoc\Database;
use AIDoc\Jobs\Job;

/**
 * Repository of spending: one row for each lease that has cost something or may. It counts in the day and the month in which the
 * lease was given. What is reserved for a lease is outstanding while its job is leased at that epoch, so each end of a lease
 * ends it too. US dollars are kept as whole billionths: sums are exact.
 */
final class Spending {

	private const NANO = 1e9;

	/** For what an admin may want to look back at. */
	private const KEEP_MS = 400 * DAY_IN_SECONDS * 1000;

	public function __construct( private readonly Clock $clock ) {}

	/**
	 * Books what the holder of a lease says it has cost so far, in place of what it said before. Also after the lease was lost: the money
	 * is gone. Who never held it books nothing.
	 */
	public function book( LeaseRef $ref, ?Spent $spent ): void {
		if ( null === $spent ) {
			return;
		}
		$usd     = (int) round( $spent->usd * self::NANO );
		$changed = Database::write( 'UPDATE ' . $this->table() . ' SET usd_nano = %d, tokens = %d WHERE job_id = %d AND epoch = %d AND agent_id = %d', $usd, $spent->tokens, $ref->jobId, $ref->epoch, $ref->agentId );
		if ( 0 === $changed && ( $usd > 0 || $spent->tokens > 0 ) ) {
			Database::write(
				'INSERT IGNORE INTO ' . $this->table() . ' (job_id, epoch, agent_id, at_ms, usd_nano, tokens) SELECT id, epoch, agent_id, CASE WHEN claimed_at > 0 THEN claimed_at ELSE ' . $this->clock->sql() . ' END, %d, %d
				FROM ' . Database::table( 'jobs' ) . " WHERE id = %d AND epoch = %d AND agent_id = %d AND lease_token = %s AND lease_token <> ''",
				$usd,
				$spent->tokens,
				$ref->jobId,
				$ref->epoch,
				$ref->agentId,
				$ref->token
			);
		}
	}

	/**
	 * Notes who wrote the summary that a lease ended with; a lease that cost nothing has a row from then on as well.
	 *
	 * @param array{provider?:?string,model?:?string,fallback?:?string} $fields As Summaries\ResultFields reads them.
	 */
	public function settle( LeaseRef $ref, array $fields ): void {
		$note = fn(): int => Database::write(
			'UPDATE ' . $this->table() . ' SET result = 1, provider = %s, model = %s, fallback = %s WHERE job_id = %d AND epoch = %d AND agent_id = %d',
			(string) ( $fields['provider'] ?? '' ),
			(string) ( $fields['model'] ?? '' ),
			(string) ( $fields['fallback'] ?? '' ),
			$ref->jobId,
			$ref->epoch,
			$ref->agentId
		);
		if ( 0 !== $note() ) {
			return;
		}
		$made = Database::write( // There is no row, or it says the same.
			'INSERT IGNORE INTO ' . $this->table() . ' (job_id, epoch, agent_id, at_ms, result, provider, model, fallback) SELECT id, epoch, agent_id, CASE WHEN claimed_at > 0 THEN claimed_at ELSE ' . $this->clock->sql() . ' END, 1, %s, %s, %s
			FROM ' . Database::table( 'jobs' ) . ' WHERE id = %d AND epoch = %d AND agent_id = %d',
			(string) ( $fields['provider'] ?? '' ),
			(string) ( $fields['model'] ?? '' ),
			(string) ( $fields['fallback'] ?? '' ),
			$ref->jobId,
			$ref->epoch,
			$ref->agentId
		);
		if ( 0 === $made ) {
			$note(); // Another request has made the row meanwhile.
		}
	}

	/** Until the transaction ends nobody else reserves anything. The row is there from the migration on; where it was lost it is made anew. */
	public function lock(): void {
		$take = 'UPDATE ' . $this->table() . ' SET tokens = tokens + 1 WHERE job_id = 0 AND epoch = 0';
		if ( 0 === Database::write( $take ) ) {
			Database::write( 'INSERT IGNORE INTO ' . $this->table() . ' (job_id, epoch) VALUES (0, 0)' );
			Database::write( $take );
		}
	}

	/** Reserves a part of the caps for a lease; where none is set 0. */
	public function reserve( Job $job, float $usd, int $tokens ): void {
		Database::write(
			'INSERT IGNORE INTO ' . $this->table() . ' (job_id, epoch, agent_id, at_ms, reserved_nano, reserved_tokens) VALUES (%d, %d, %d, %d, %d, %d)',
			$job->id,
			$job->epoch,
			$job->agentId,
			$job->claimedMs,
			(int) floor( $usd * self::NANO ),
			$tokens
		);
	}

	/** @return array{usd:float,tokens:int}|null What was reserved for a lease; null where nothing was. */
	public function reserved_for( Job $job ): ?array {
		$row = Database::row( 'SELECT reserved_nano, reserved_tokens FROM ' . $this->table() . ' WHERE job_id = %d AND epoch = %d AND (reserved_nano > 0 OR reserved_tokens > 0)', $job->id, $job->epoch );
		return $row ? array(
			'usd'    => (int) $row['reserved_nano'] / self::NANO,
			'tokens' => (int) $row['reserved_tokens'],
		) : null;
	}

	/** A lease ended because its document waits, and not because its share was too small: the next one gets an ordinary share again. */
	public function forget_share( LeaseRef $ref ): void {
		Database::write( 'UPDATE ' . $this->table() . ' SET reserved_nano = 0, reserved_tokens = 0 WHERE job_id = %d AND epoch = %d AND agent_id = %d', $ref->jobId, $ref->epoch, $ref->agentId );
	}

	/** Whether something was reserved for an earlier lease of the job, which then has ended without a result. */
	public function was_reserved_before( Job $job ): bool {
		return null !== Database::row( 'SELECT epoch FROM ' . $this->table() . ' WHERE job_id = %d AND epoch < %d AND (reserved_nano > 0 OR reserved_tokens > 0) LIMIT 1', $job->id, $job->epoch );
	}

	/**
	 * What leases have cost that were given since then.
	 *
	 * @param int[] $starts Beginnings of periods in milliseconds, by name.
	 * @return array<string,array{usd:float,tokens:int}>
	 */
	public function spent_since( array $starts ): array {
		$columns = array();
		$values  = array();
		foreach ( array_values( $starts ) as $i => $start ) {
			$columns[] = "SUM(CASE WHEN at_ms >= %d THEN usd_nano ELSE 0 END) AS usd$i, SUM(CASE WHEN at_ms >= %d THEN tokens ELSE 0 END) AS tokens$i";
			array_push( $values, $start, $start );
		}
		$row = Database::row( 'SELECT ' . implode( ', ', $columns ) . ' FROM ' . $this->table() . ' WHERE at_ms >= %d', ...$values, ...array( min( $starts ) ) );
		$all = array();
		foreach ( array_keys( $starts ) as $i => $name ) {
			$all[ $name ] = array(
				'usd'    => (int) $row[ "usd$i" ] / self::NANO,
				'tokens' => (int) $row[ "tokens$i" ],
			);
		}
		return $all;
	}

	/**
	 * What leases that are held may still cost beyond what they said so far.
	 *
	 * @param int[] $starts As for spent_since().
	 * @return array<string,array{usd:float,tokens:int}>
	 */
	public function outstanding_since( array $starts ): array {
		$rows = Database::rows(
			'SELECT s.at_ms, s.reserved_nano - s.usd_nano AS usd, s.reserved_tokens - s.tokens AS tokens FROM ' . Database::table( 'jobs' ) . ' j
			JOIN ' . $this->table() . " s ON s.job_id = j.id AND s.epoch = j.epoch WHERE j.state = 'leased' AND s.at_ms >= %d",
			min( $starts )
		);
		$all  = array();
		foreach ( $starts as $name => $start ) {
			$usd    = 0;
			$tokens = 0;
			foreach ( $rows as $row ) {
				if ( (int) $row['at_ms'] >= $start ) {
					$usd    += max( 0, (int) $row['usd'] );
					$tokens += max( 0, (int) $row['tokens'] );
				}
			}
			$all[ $name ] = array(
				'usd'    => $usd / self::NANO,
				'tokens' => $tokens,
			);
		}
		return $all;
	}

	/**
	 * What documents have cost of late, by their type; embedded summaries count with nothing.
	 *
	 * @return array<string,array{usd:float,documents:int}> Mean of a document, and of how many; under '' of all types together. Empty where nothing was read.
	 */
	public function means_by_type( int $documents = 1_000 ): array {
		$jobs  = Database::table( 'jobs' );
		$rows  = Database::rows(
			"SELECT d.mime, COUNT(*) AS n, SUM(d.nano) AS nano FROM (SELECT j.mime, (SELECT SUM(s.usd_nano) FROM {$this->table()} s WHERE s.job_id = j.id) AS nano
			FROM $jobs j WHERE j.state = 'done' ORDER BY j.id DESC LIMIT %d) d GROUP BY d.mime",
			$documents
		);
		$means = array();
		if ( $rows ) {
			$means[''] = self::mean( (int) array_sum( array_column( $rows, 'nano' ) ), (int) array_sum( array_column( $rows, 'n' ) ) );
		}
		foreach ( $rows as $row ) {
			$means[ $row['mime'] ] = self::mean( (int) $row['nano'], (int) $row['n'] );
		}
		return $means;
	}

	/** @return array{usd:float,documents:int} */
	private static function mean( int $nano, int $documents ): array {
		return array(
			'usd'       => $nano / self::NANO / $documents,
			'documents' => $documents,
		);
	}

	/** @return int How many old rows were forgotten, at most about $limit. */
	public function purge( int $limit = 20_000 ): int {
		return Database::delete_oldest( $this->table(), 'job_id > 0', $this->clock->sql() . ' - ' . self::KEEP_MS, $limit );
	}

	private function table(): string {
		return Database::table( 'spending' );
	}
}
