<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Database;

/** Repository of what Spending has written, read for people: by day, model, agent and lease. A lease counts in the day in which it was given. */
final class SpendingReport {

	private const NANO = 1e9;

	/**
	 * What leases have cost that were given in a time, and what came of them.
	 *
	 * @param int $since_ms First millisecond.
	 * @param int $until_ms The first one after it.
	 * @return list<array{day:string,agent_id:int,provider:string,model:string,fallback:string,result:bool,documents:int,tokens:int,usd:float}> Days of the site's
	 *         time zone as `YYYY-MM-DD`, the first one first. Without a result no model is known: the lease failed, was given back, or is held.
	 */
	public function rows( int $since_ms, int $until_ms ): array {
		return array_map(
			static fn( array $row ): array => self::figures( $row ) + array(
				'provider' => (string) $row['provider'],
				'model'    => (string) $row['model'],
				'fallback' => (string) $row['fallback'],
				'result'   => 1 === (int) $row['result'],
			),
			$this->days( $since_ms, $until_ms, 'agent_id, provider, model, fallback, result', '(result = 1 OR usd_nano > 0 OR tokens > 0)' )
		);
	}

	/**
	 * The same by agent alone, and only what has cost something.
	 *
	 * @return list<array{day:string,agent_id:int,documents:int,tokens:int,usd:float}>
	 */
	public function by_day_and_agent( int $since_ms, int $until_ms ): array {
		return array_map( array( self::class, 'figures' ), $this->days( $since_ms, $until_ms, 'agent_id', '(usd_nano > 0 OR tokens > 0)' ) );
	}

	/**
	 * What agents have cost since then.
	 *
	 * @param int[] $starts Beginnings of periods in milliseconds, by name.
	 * @return array<int,array<string,float>> Agent → period → US dollars.
	 */
	public function by_agent( array $starts ): array {
		$columns = array();
		foreach ( array_keys( array_values( $starts ) ) as $i ) {
			$columns[] = "SUM(CASE WHEN at_ms >= %d THEN usd_nano ELSE 0 END) AS nano$i";
		}
		$rows = Database::rows( 'SELECT agent_id, ' . implode( ', ', $columns ) . ' FROM ' . $this->table() . ' WHERE at_ms >= %d AND job_id > 0 GROUP BY agent_id', ...array_values( $starts ), ...array( min( $starts ) ) );
		$all  = array();
		foreach ( $rows as $row ) {
			foreach ( array_keys( $starts ) as $i => $name ) {
				$all[ (int) $row['agent_id'] ][ $name ] = (int) $row[ "nano$i" ] / self::NANO;
			}
		}
		return $all;
	}

	/** @return array<int,array{usd:float,tokens:int,provider:string,model:string,fallback:string}> Of one job, by the epoch of its leases. */
	public function of_job( int $job_id ): array {
		$all = array();
		foreach ( Database::rows( 'SELECT epoch, usd_nano, tokens, provider, model, fallback FROM ' . $this->table() . ' WHERE job_id = %d', $job_id ) as $row ) {
			$all[ (int) $row['epoch'] ] = array(
				'usd'      => (int) $row['usd_nano'] / self::NANO,
				'tokens'   => (int) $row['tokens'],
				'provider' => (string) $row['provider'],
				'model'    => (string) $row['model'],
				'fallback' => (string) $row['fallback'],
			);
		}
		return $all;
	}

	/** @return array{day:string,agent_id:int,documents:int,tokens:int,usd:float} */
	private static function figures( array $row ): array {
		return array(
			'day'       => gmdate( 'Y-m-d', intdiv( (int) $row['day_ms'], 1000 ) ),
			'agent_id'  => (int) $row['agent_id'],
			'documents' => (int) $row['documents'],
			'tokens'    => (int) $row['tokens'],
			'usd'       => (int) $row['nano'] / self::NANO,
		);
	}

	/**
	 * Sums of each day and group; a day on which the clocks were moved comes in two pieces.
	 *
	 * @param string $columns What is grouped by beside the day.
	 * @param string $which   What counts.
	 * @return list<array<string,mixed>> Rows of the database.
	 */
	private function days( int $since_ms, int $until_ms, string $columns, string $which ): array {
		$day  = DAY_IN_SECONDS * 1000;
		$rows = array();
		foreach ( self::offsets( $since_ms, $until_ms ) as list( $from, $to, $offset_ms ) ) {
			$piece = Database::rows(
				"SELECT (at_ms + %d - ((at_ms + %d) %% $day)) AS day_ms, $columns, COUNT(DISTINCT job_id) AS documents, SUM(tokens) AS tokens, SUM(usd_nano) AS nano
				FROM " . $this->table() . " WHERE at_ms >= %d AND at_ms < %d AND job_id > 0 AND $which GROUP BY day_ms, $columns ORDER BY day_ms, $columns",
				$offset_ms,
				$offset_ms,
				$from,
				$to
			);
			array_push( $rows, ...$piece );
		}
		return $rows;
	}

	/**
	 * A time in pieces between which the site's clocks were put forward or back.
	 *
	 * @return list<array{0:int,1:int,2:int}> From, to, and offset from UTC, in milliseconds.
	 */
	private static function offsets( int $since_ms, int $until_ms ): array {
		$zone   = wp_timezone();
		$first  = intdiv( $since_ms, 1000 );
		$last   = intdiv( $until_ms, 1000 );
		$moves  = $zone->getTransitions( $first, $last ); // False for a zone that is only an offset.
		$pieces = array();
		foreach ( is_array( $moves ) && $moves ? $moves : array() as $i => $move ) {
			$pieces[] = array( max( $since_ms, 1000 * $move['ts'] ), isset( $moves[ $i + 1 ] ) ? 1000 * $moves[ $i + 1 ]['ts'] : $until_ms, 1000 * $move['offset'] );
		}
		return $pieces ? $pieces : array( array( $since_ms, $until_ms, 1000 * $zone->getOffset( new \DateTimeImmutable( "@$first" ) ) ) );
	}

	private function table(): string {
		return Database::table( 'spending' );
	}
}
