<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

use AIDoc\Clock;
use AIDoc\Database;

/** What happened, for people to read: never a document's text, never a secret. */
final class Events {

	private const KEEP_MS = 30 * DAY_IN_SECONDS * 1000;

	public function __construct( private readonly Clock $clock ) {}

	/**
	 * @param string $kind    Short constant name: `enqueued`, `leased`, `failed` …
	 * @param string $code    Error code, where there is one.
	 * @param string $message One sentence; English or the site's language.
	 * @param string $once    When given, a second event of the same value is dropped.
	 */
	public function log( string $kind, int $job_id = 0, int $agent_id = 0, string $code = '', string $message = '', string $once = '' ): void {
		$unique = '' === $once ? bin2hex( random_bytes( 20 ) ) : sha1( $once );
		Database::write(
			'INSERT IGNORE INTO ' . $this->table() . ' (at_ms, job_id, agent_id, kind, code, message, once) VALUES (' . $this->clock->sql() . ', %d, %d, %s, %s, %s, %s)',
			$job_id,
			$agent_id,
			substr( $kind, 0, 32 ),
			substr( $code, 0, 64 ),
			\AIDoc\Text::clip( $message, 500 ),
			$unique
		);
	}

	/** @return list<array{id:int,at_ms:int,job_id:int,agent_id:int,kind:string,code:string,message:string}> Newest first. */
	public function for_job( int $job_id, int $limit = 50 ): array {
		return $this->recent( array( 'job_id' => $job_id, 'per_page' => $limit ) );
	}

	/**
	 * @param array{job_id?:int,agent_id?:int,kind?:string,code?:string,since_ms?:int,page?:int,per_page?:int} $args
	 * @return list<array{id:int,at_ms:int,job_id:int,agent_id:int,kind:string,code:string,message:string}> Newest first.
	 */
	public function recent( array $args ): array {
		$where  = array( '1=1' );
		$values = array();
		foreach ( array( 'job_id' => '%d', 'agent_id' => '%d', 'kind' => '%s', 'code' => '%s' ) as $column => $mark ) {
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
		$rows     = Database::rows( 'SELECT id, at_ms, job_id, agent_id, kind, code, message FROM ' . $this->table() . ' WHERE ' . implode( ' AND ', $where ) . ' ORDER BY id DESC LIMIT %d OFFSET %d', ...$values );
		return array_map(
			static function ( array $row ): array {
				foreach ( array( 'id', 'at_ms', 'job_id', 'agent_id' ) as $key ) {
					$row[ $key ] = (int) $row[ $key ];
				}
				return $row;
			},
			$rows
		);
	}

	/** @return array<string,int> Number of refusals by code since then. */
	public function refusals_since( int $since_ms ): array {
		$rows = Database::rows( 'SELECT code, COUNT(*) AS n FROM ' . $this->table() . ' WHERE kind = %s AND at_ms >= %d GROUP BY code', 'refused', $since_ms );
		return array_map( 'intval', array_column( $rows, 'n', 'code' ) );
	}

	public function purge(): void {
		Database::write( 'DELETE FROM ' . $this->table() . ' WHERE at_ms < ' . $this->clock->sql() . ' - %d', self::KEEP_MS );
	}

	private function table(): string {
		return Database::table( 'events' );
	}
}
