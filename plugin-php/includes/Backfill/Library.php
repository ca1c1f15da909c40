<?php
declare( strict_types=1 );

namespace AIDoc\Backfill;

use AIDoc\Database;
use AIDoc\Settings;

/** Repository of the media library as a backfill goes through it: upward by id, a page at a time. */
final class Library {

	public function __construct( private readonly Settings $settings ) {}

	/** @return int The newest attachment's id: what is uploaded later queues itself. */
	public function newest(): int {
		return (int) Database::row( 'SELECT MAX(ID) AS n FROM ' . Database::wpdb()->posts . " WHERE post_type = 'attachment'" )['n'];
	}

	/** How many attachments page() will give. One query. */
	public function count( Filter $filter, int $upto_id ): int {
		list( $where, $values ) = $this->where( $filter, 0, $upto_id );
		$posts                  = Database::wpdb()->posts;
		return (int) Database::row( "SELECT COUNT(*) AS n FROM $posts p $where", ...$values )['n'];
	}

	/**
	 * Through the primary key, whatever the database thinks of it: all pages together then read the table once, and do not sort the library
	 * once for each.
	 *
	 * @return int[] Ids after one and up to another; size is not looked at here.
	 */
	public function page( Filter $filter, int $after_id, int $upto_id, int $limit ): array {
		list( $where, $values ) = $this->where( $filter, $after_id, $upto_id );
		$posts                  = Database::wpdb()->posts . ' p' . ( Database::is_sqlite() ? '' : ' FORCE INDEX (PRIMARY)' );
		return array_map( 'intval', array_column( Database::rows( "SELECT p.ID FROM $posts $where ORDER BY p.ID LIMIT %d", ...$values, ...array( $limit ) ), 'ID' ) );
	}

	/** @return array{0:string,1:list<mixed>} SQL and values. */
	private function where( Filter $filter, int $after_id, int $upto_id ): array {
		$mimes  = $filter->mimes( $this->settings );
		$parts  = array( "j.id IS NULL AND p.post_type = 'attachment' AND p.post_status NOT IN ('trash','auto-draft') AND p.ID > %d AND p.ID <= %d" );
		$values = array( $after_id, $upto_id );
		if ( $mimes ) {
			$parts[] = 'p.post_mime_type IN (' . self::marks( $mimes, '%s' ) . ')';
			array_push( $values, ...$mimes );
		} else {
			$parts[] = '1=0';
		}
		foreach ( array_merge( self::days( $filter ), self::parent( $filter ), self::term( $filter ) ) as list( $part, $these ) ) {
			$parts[] = $part;
			array_push( $values, ...$these );
		}
		return array( self::jobs( $filter ) . ' WHERE ' . implode( ' AND ', $parts ), $values );
	}

	/** @return list<array{0:string,1:list<mixed>}> By the site's own days, as the library shows them. */
	private static function days( Filter $filter ): array {
		$parts = array();
		if ( '' !== $filter->from ) {
			$parts[] = array( 'p.post_date >= %s', array( $filter->from . ' 00:00:00' ) );
		}
		if ( '' !== $filter->to ) {
			$parts[] = array( 'p.post_date <= %s', array( $filter->to . ' 23:59:59' ) );
		}
		return $parts;
	}

	/** @return list<array{0:string,1:list<mixed>}> */
	private static function parent( Filter $filter ): array {
		return match ( $filter->uploadedTo ) {
			''                 => array(),
			Filter::UNATTACHED => array( array( 'p.post_parent = 0', array() ) ),
			default            => array( array( 'EXISTS (SELECT 1 FROM ' . Database::wpdb()->posts . ' parent WHERE parent.ID = p.post_parent AND parent.post_type = %s)', array( $filter->uploadedTo ) ) ),
		};
	}

	/** @return list<array{0:string,1:list<mixed>}> */
	private static function term( Filter $filter ): array {
		if ( 0 === $filter->term ) {
			return array();
		}
		$below = get_term_children( $filter->term, $filter->taxonomy );
		$terms = array( $filter->term, ...( is_array( $below ) ? array_map( 'intval', $below ) : array() ) );
		$db    = Database::wpdb();
		$sql   = "EXISTS (SELECT 1 FROM {$db->term_relationships} r JOIN {$db->term_taxonomy} t ON t.term_taxonomy_id = r.term_taxonomy_id WHERE r.object_id = p.ID AND t.taxonomy = %s AND t.term_id IN (" . self::marks( $terms, '%d' ) . '))';
		return array( array( $sql, array( $filter->taxonomy, ...$terms ) ) );
	}

	/** A join, for of `NOT EXISTS` MariaDB makes a copy of all jobs for each page. */
	private static function jobs( Filter $filter ): string {
		$states = match ( $filter->which ) {
			Filter::MISSING    => '',
			Filter::UNFINISHED => " AND j.state IN ('queued','leased','done')",
			Filter::ALL        => " AND j.state IN ('queued','leased')", // What waits or is being read is never queued again.
		};
		return 'LEFT JOIN ' . Database::table( 'jobs' ) . " j ON j.attachment_id = p.ID$states";
	}

	/** @param mixed[] $values */
	private static function marks( array $values, string $mark ): string {
		return implode( ',', array_fill( 0, count( $values ), $mark ) );
	}
}
