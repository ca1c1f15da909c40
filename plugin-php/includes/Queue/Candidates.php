<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Clock;
use AIDoc\Database;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\Mimes;

/** Repository of queued jobs: what an agent could take, and what nobody could. Reads only; Leases writes. */
final class Candidates {

	/** More than the requests that a small host serves at the same moment; a lost race costs one statement. */
	private const NEIGHBOURS = 8;

	public function __construct( private readonly Clock $clock ) {}

	/**
	 * Jobs an agent could take, best first: by priority, then by age. Not quite the same order for everybody, or all would
	 * race for the first row; but only neighbours change places, or a job that was put back could wait at random.
	 *
	 * @param string[] $mimes      Exact types, or a type whose subtype is `*`.
	 * @param bool     $local_only Whether the agent may have documents that are local only.
	 * @param bool     $no_other   Whether it takes these alone now.
	 * @return list<array{id:int,epoch:int}>
	 */
	public function page( array $mimes, int $max_bytes, int $limit, bool $local_only = false, bool $no_other = false ): array {
		$open = match ( true ) {
			$no_other   => 'local_only = 1',
			$local_only => '1=1',
			default     => 'local_only = 0',
		};
		$rows = $this->read( '1=1' === $open ? 'claim' : 'claim_open', $open, array(), $limit );
		$fit  = array_filter( $rows, static fn( $row ) => Mimes::fit( $mimes, $row['mime'] ) && ( $max_bytes <= 0 || (int) $row['bytes'] <= $max_bytes ) );
		if ( ! $fit && count( $rows ) >= $limit ) {
			$fit = $this->by_type( $mimes, $max_bytes, $limit, $open ); // The head of the queue is for others: look past it.
		}
		$rows = array_values( $fit );
		usort( $rows, static fn( $a, $b ) => array_map( 'intval', array( $a['priority'], $a['available_at'], $a['id'] ) ) <=> array_map( 'intval', array( $b['priority'], $b['available_at'], $b['id'] ) ) );
		$rows = self::shuffle_neighbours( $rows );
		usort( $rows, static fn( $a, $b ) => (int) $a['priority'] <=> (int) $b['priority'] ); // Stable: the shuffle stays within one priority.
		return array_map(
			static fn( $row ) => array(
				'id'    => (int) $row['id'],
				'epoch' => (int) $row['epoch'],
			),
			$rows
		);
	}

	/**
	 * @param list<array<string,string|null>> $rows
	 * @return list<array<string,string|null>>
	 */
	private static function shuffle_neighbours( array $rows ): array {
		$out = array();
		foreach ( array_chunk( $rows, self::NEIGHBOURS ) as $chunk ) {
			shuffle( $chunk );
			array_push( $out, ...$chunk );
		}
		return $out;
	}

	/**
	 * Type by type through the index that begins with it: a filter on the queue's own order would read a million rows to
	 * find that none of them fits.
	 *
	 * @param string[] $mimes
	 * @return list<array<string,string|null>>
	 */
	private function by_type( array $mimes, int $max_bytes, int $limit, string $open ): array {
		$exact = array_filter( $mimes, static fn( $mime ) => ! str_ends_with( $mime, '/*' ) );
		if ( count( $exact ) < count( $mimes ) ) {
			list( $filter, $values ) = $this->capability( $mimes, $max_bytes );
			return $this->read( '1=1' === $open ? 'claim' : 'claim_open', "$open AND $filter", $values, $limit );
		}
		$rows = array();
		foreach ( $exact as $mime ) {
			list( $filter, $values ) = $this->capability( array( $mime ), $max_bytes );
			$rows                    = array_merge( $rows, $this->read( 'kind', "$open AND $filter", $values, $limit ) );
		}
		return $rows;
	}

	/** @return list<array<string,string|null>> */
	private function read( string $index, string $filter, array $values, int $limit ): array {
		return Database::rows(
			'SELECT id, epoch, priority, available_at, mime, bytes FROM ' . $this->table( $index ) . " WHERE state = 'queued' AND available_at <= " . $this->clock->sql() . " AND $filter ORDER BY priority, available_at, id LIMIT %d",
			...$values,
			...array( $limit )
		);
	}

	/**
	 * Jobs that wait, unexplained so far, although none of these agents could take them.
	 *
	 * @param list<array{mimes:string[],max_bytes:int,local_only:bool}> $caps
	 * @return Job[]
	 */
	public function unclaimable_by( array $caps, int $after_id, int $limit ): array {
		$not    = '';
		$values = array();
		foreach ( $caps as $one ) {
			list( $filter, $these ) = $this->capability( $one['mimes'], $one['max_bytes'] );
			if ( '' !== $filter ) {
				$open   = $one['local_only'] ? '' : ' AND local_only = 0';
				$not   .= " AND NOT ($filter$open)";
				$values = array_merge( $values, $these );
			}
		}
		$rows = Database::rows(
			'SELECT * FROM ' . $this->table( 'PRIMARY' ) . " WHERE id > %d AND state = 'queued' AND error_class <> '" . Leases::WAITING . "' AND available_at <= " . $this->clock->sql() . "$not ORDER BY id LIMIT %d",
			...array( $after_id ),
			...$values,
			...array( $limit )
		);
		return array_map( array( Job::class, 'from_row' ), $rows );
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

	private function table( string $index ): string {
		return Database::table( 'jobs', $index );
	}
}
