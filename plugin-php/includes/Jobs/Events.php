<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

use AIDoc\Clock;
use AIDoc\Database;
use AIDoc\DatabaseError;
use AIDoc\ErrorLog;

/** Repository of events: what happened, for people to read. Never a document's text, never a secret. */
final class Events {

	private const KEEP_MS = 30 * DAY_IN_SECONDS * 1000;

	/** Kind of the event that has the durations of a result's phases, as JSON: phase → milliseconds. */
	public const TIMINGS = 'timings';

	/** A row that stands for events which are no longer kept; its message is their number. */
	public const MORE = 'more';

	/** So many events of one job are kept, the newest ones. An ordinary life has about ten, of which six are phases. */
	private const PER_JOB = 40;

	/** So many events of one kind and agent are kept of each hour. */
	private const PER_HOUR = 500;

	/** What an agent can make happen again and again. */
	private const REPEATABLE = array( 'released', 'attempt_failed', 'crashed', 'failed', 'expired', 'key_issued', 'key_rotated' );

	/** What recent() can be asked for, each with its placeholder. */
	private const FILTERS = array(
		'job_id'   => '%d',
		'agent_id' => '%d',
		'kind'     => '%s',
		'code'     => '%s',
	);

	public function __construct( private readonly Clock $clock ) {}

	/**
	 * @param string $kind    Short constant name: `enqueued`, `leased`, `failed` …
	 * @param string $code    Error code, where there is one.
	 * @param string $message One sentence; English or the site's language.
	 * @param string $once    When given, a second event of the same value is dropped.
	 * @param int    $epoch   The lease it happened under, 0 where there was none.
	 * @return bool Whether it was written.
	 */
	public function log( string $kind, int $job_id = 0, int $agent_id = 0, string $code = '', string $message = '', string $once = '', int $epoch = 0 ): bool {
		$unique = '' === $once ? bin2hex( random_bytes( 20 ) ) : sha1( $once );
		$new    = Database::write(
			'INSERT IGNORE INTO ' . $this->table() . ' (at_ms, job_id, epoch, agent_id, user_id, kind, code, message, once) VALUES (' . $this->clock->sql() . ', %d, %d, %d, %d, %s, %s, %s, %s)',
			$job_id,
			$epoch,
			$agent_id,
			get_current_user_id(),
			substr( $kind, 0, 32 ),
			substr( $code, 0, 64 ),
			\AIDoc\Text::clip( $message, 500 ),
			$unique
		);
		if ( in_array( $kind, self::REPEATABLE, true ) ) {
			$this->bound( $kind, $job_id, $agent_id );
		}
		return $new > 0;
	}

	/**
	 * Logs that the same happened to many jobs, in one statement.
	 *
	 * @param int[] $job_ids
	 */
	public function log_jobs( string $kind, array $job_ids, string $message = '' ): void {
		if ( ! $job_ids ) {
			return;
		}
		$user   = get_current_user_id();
		$values = array();
		foreach ( $job_ids as $id ) {
			array_push( $values, $id, $user, substr( $kind, 0, 32 ), \AIDoc\Text::clip( $message, 500 ), bin2hex( random_bytes( 20 ) ) );
		}
		$row = '(' . $this->clock->sql() . ', %d, %d, %s, %s, %s)';
		Database::write( 'INSERT IGNORE INTO ' . $this->table() . ' (at_ms, job_id, user_id, kind, message, once) VALUES ' . implode( ', ', array_fill( 0, count( $job_ids ), $row ) ), ...$values );
	}

	/**
	 * Logs that an agent was given leases, each once, in one statement.
	 *
	 * @param Job[] $jobs
	 */
	public function log_leased( array $jobs ): void {
		if ( ! $jobs ) {
			return;
		}
		$user   = get_current_user_id();
		$values = array();
		foreach ( $jobs as $job ) {
			array_push( $values, $job->id, $job->epoch, $job->agentId, $user, sha1( "leased|{$job->id}|{$job->epoch}" ) );
		}
		$row = '(' . $this->clock->sql() . ", %d, %d, %d, %d, 'leased', '', '', %s)";
		Database::write( 'INSERT IGNORE INTO ' . $this->table() . ' (at_ms, job_id, epoch, agent_id, user_id, kind, code, message, once) VALUES ' . implode( ', ', array_fill( 0, count( $jobs ), $row ) ), ...$values );
	}

	/** The holder of a key could otherwise fill the table. A failure of this must not fail the request. */
	private function bound( string $kind, int $job_id, int $agent_id ): void {
		try {
			if ( $job_id > 0 ) {
				$this->bound_job( $job_id );
			}
			if ( $agent_id > 0 ) {
				$this->bound_agent( $kind, $agent_id );
			}
		} catch ( DatabaseError $error ) {
			ErrorLog::add( $error );
		}
	}

	private function bound_job( int $job_id ): void {
		$rows = Database::rows( 'SELECT id, kind, message FROM ' . $this->table() . ' WHERE job_id = %d ORDER BY id DESC LIMIT 1000 OFFSET %d', $job_id, self::PER_JOB );
		if ( count( $rows ) < 2 ) {
			return;
		}
		$gone = array_sum( array_map( static fn( array $row ) => self::MORE === $row['kind'] ? (int) $row['message'] : 1, $rows ) );
		Database::write( 'UPDATE ' . $this->table() . " SET kind = %s, code = '', agent_id = 0, message = %s WHERE id = %d", self::MORE, (string) $gone, (int) $rows[0]['id'] );
		$this->delete( array_slice( $rows, 1 ) );
	}

	private function bound_agent( string $kind, int $agent_id ): void {
		$now  = $this->clock->sql();
		$rows = Database::rows( 'SELECT id FROM ' . $this->table() . " WHERE kind = %s AND at_ms > $now - %d AND agent_id = %d ORDER BY at_ms DESC, id DESC LIMIT 1000 OFFSET %d", $kind, HOUR_IN_SECONDS * 1000, $agent_id, self::PER_HOUR );
		if ( ! $rows ) {
			return;
		}
		$this->delete( $rows );
		$once = "more|$kind|$agent_id|" . intdiv( time(), HOUR_IN_SECONDS );
		$this->log( self::MORE, 0, $agent_id, $kind, '0', $once );
		Database::write( 'UPDATE ' . $this->table() . ' SET message = message + %d WHERE once = %s', count( $rows ), sha1( $once ) );
	}

	/** @param list<array<string,string|null>> $rows */
	private function delete( array $rows ): void {
		$ids = array_map( 'intval', array_column( $rows, 'id' ) );
		Database::write( 'DELETE FROM ' . $this->table() . ' WHERE id IN (' . implode( ',', array_fill( 0, count( $ids ), '%d' ) ) . ')', ...$ids );
	}

	/** @return list<array{id:int,at_ms:int,job_id:int,epoch:int,agent_id:int,user_id:int,kind:string,code:string,message:string}> Newest first. */
	public function for_job( int $job_id, int $limit = 50 ): array {
		return $this->recent(
			array(
				'job_id'   => $job_id,
				'per_page' => $limit,
			)
		);
	}

	/**
	 * @param array{job_id?:int,agent_id?:int,kind?:string,code?:string,since_ms?:int,page?:int,per_page?:int} $args
	 * @return list<array{id:int,at_ms:int,job_id:int,epoch:int,agent_id:int,user_id:int,kind:string,code:string,message:string}> Newest first.
	 */
	public function recent( array $args ): array {
		$where  = array( '1=1' );
		$values = array();
		foreach ( self::FILTERS as $column => $mark ) {
			if ( isset( $args[ $column ] ) ) {
				$where[]  = "$column = $mark";
				$values[] = $args[ $column ];
			}
		}
		if ( isset( $args['since_ms'] ) ) {
			$where[]  = 'at_ms >= %d';
			$values[] = $args['since_ms'];
		}
		$limit    = max( 1, min( 500, (int) ( $args['per_page'] ?? 50 ) ) );
		$values[] = $limit;
		$values[] = $limit * ( max( 1, (int) ( $args['page'] ?? 1 ) ) - 1 );
		$rows     = Database::rows( 'SELECT id, at_ms, job_id, epoch, agent_id, user_id, kind, code, message FROM ' . $this->table() . ' WHERE ' . implode( ' AND ', $where ) . ' ORDER BY id DESC LIMIT %d OFFSET %d', ...$values );
		return array_map(
			static function ( array $row ): array {
				foreach ( array( 'id', 'at_ms', 'job_id', 'epoch', 'agent_id', 'user_id' ) as $key ) {
					$row[ $key ] = (int) $row[ $key ];
				}
				return $row;
			},
			$rows
		);
	}

	/**
	 * What has failed since then and is still failed, by reason. Documents without text are no failures.
	 *
	 * @return list<array{code:string,documents:int,message:string}> The most frequent reason first; with the sentence of its newest event.
	 */
	public function failures_since( int $since_ms, int $reasons = 20 ): array {
		$jobs = Database::table( 'jobs' );
		$rows = Database::rows(
			'SELECT e.code, COUNT(DISTINCT e.job_id) AS documents, MAX(e.id) AS newest FROM ' . $this->table() . " e JOIN $jobs j ON j.id = e.job_id AND j.state = 'failed' AND j.error_code = e.code
			WHERE e.kind IN ('failed','refused_upload') AND e.at_ms > %d AND e.code <> 'no_text' GROUP BY e.code ORDER BY documents DESC, e.code LIMIT %d",
			$since_ms,
			$reasons
		);
		return array_map(
			fn( array $row ): array => array(
				'code'      => (string) $row['code'],
				'documents' => (int) $row['documents'],
				'message'   => (string) ( Database::row( 'SELECT message FROM ' . $this->table() . ' WHERE id = %d', (int) $row['newest'] )['message'] ?? '' ),
			),
			$rows
		);
	}

	/** @return array<string,int> Number of refusals by code since then. */
	public function refusals_since( int $since_ms ): array {
		$rows = Database::rows( 'SELECT code, COUNT(*) AS n FROM ' . $this->table() . ' WHERE kind = %s AND at_ms >= %d GROUP BY code', 'refused', $since_ms );
		return array_map( 'intval', array_column( $rows, 'n', 'code' ) );
	}

	/** @return int How many old ones were forgotten, at most about $limit. */
	public function purge( int $limit = 20_000 ): int {
		return Database::delete_oldest( $this->table(), '1=1', $this->clock->sql() . ' - ' . self::KEEP_MS, $limit );
	}

	private function table(): string {
		return Database::table( 'events' );
	}
}
