<?php
declare( strict_types=1 );

namespace AIDoc\Front;

use AIDoc\Database;
use AIDoc\Search\Texts;
use AIDoc\Summaries\ReadableRule;

/** Repository of the published summaries that somebody sees: a page of them, how many there are, and of which types, years and folders. */
final class Catalogue {

	public function __construct( private readonly Texts $texts ) {}

	/** @return array<int,int> Summary → document, in order, one page. */
	public function page( Wanted $wanted, int $user ): array {
		$order = 'title' === $wanted->order ? 's.post_title, s.ID' : 'd.post_date DESC, d.ID DESC';
		$rows  = Database::rows( 'SELECT s.ID AS summary, d.ID AS document' . $this->matching( $wanted, $user ) . " ORDER BY $order LIMIT %d OFFSET %d", $wanted->perPage, ( $wanted->page - 1 ) * $wanted->perPage );
		return array_map( 'intval', array_column( $rows, 'document', 'summary' ) );
	}

	public function count( Wanted $wanted, int $user ): int {
		return (int) ( Database::row( 'SELECT COUNT(*) AS n' . $this->matching( $wanted, $user ) )['n'] ?? 0 );
	}

	/**
	 * What there is to choose from: all that this list may hold, whatever is chosen at the moment.
	 *
	 * @return list<array{mime:string,year:int,n:int}>
	 */
	public function kinds( Wanted $wanted, int $user ): array {
		$rows = Database::rows( 'SELECT d.post_mime_type AS mime, YEAR(d.post_date) AS year, COUNT(*) AS n' . $this->matching( $wanted->unfiltered(), $user ) . ' GROUP BY d.post_mime_type, YEAR(d.post_date)' );
		return array_map(
			static fn( array $row ): array => array(
				'mime' => (string) $row['mime'],
				'year' => (int) $row['year'],
				'n'    => (int) $row['n'],
			),
			$rows
		);
	}

	/** @return array<int,int> Term → how many summaries of documents in it. */
	public function folders( Wanted $wanted, int $user ): array {
		$db   = Database::wpdb();
		$from = PublishedRule::from() . " JOIN {$db->term_relationships} r ON r.object_id = d.ID JOIN {$db->term_taxonomy} x ON x.term_taxonomy_id = r.term_taxonomy_id AND x.taxonomy = '" . esc_sql( $wanted->taxonomy ) . "'";
		$rows = Database::rows( "SELECT x.term_id AS term, COUNT(*) AS n$from" . PublishedRule::where( $user ) . $this->narrowed( $wanted->unfiltered() ) . ' GROUP BY x.term_id' );
		return array_map( 'intval', array_column( $rows, 'n', 'term' ) );
	}

	private function matching( Wanted $wanted, int $user ): string {
		return PublishedRule::from() . PublishedRule::where( $user ) . $this->narrowed( $wanted );
	}

	private function narrowed( Wanted $wanted ): string {
		$rules = array();
		if ( $wanted->words ) {
			$rules[] = 's.ID IN (' . $this->texts->matching( $wanted->words ) . ')';
		}
		foreach ( array_filter( array( $wanted->only, $wanted->mimes ), 'is_array' ) as $mimes ) {
			$rules[] = 'd.post_mime_type IN (' . ReadableRule::quoted( $mimes ) . ')';
		}
		if ( $wanted->year > 0 ) {
			$rules[] = Database::wpdb()->prepare( 'd.post_date >= %s AND d.post_date < %s', $wanted->year . '-01-01 00:00:00', ( $wanted->year + 1 ) . '-01-01 00:00:00' );
		}
		if ( $wanted->attachedTo > 0 ) {
			$rules[] = "d.post_parent = {$wanted->attachedTo}";
		}
		foreach ( array_filter( array( $wanted->within, $wanted->terms ), 'is_array' ) as $terms ) {
			$rules[] = self::in_folders( $terms );
		}
		return $rules ? ' AND ' . implode( ' AND ', $rules ) : '';
	}

	/** @param int[] $terms */
	private static function in_folders( array $terms ): string {
		$db = Database::wpdb();
		return "d.ID IN (SELECT r.object_id FROM {$db->term_relationships} r JOIN {$db->term_taxonomy} x ON x.term_taxonomy_id = r.term_taxonomy_id WHERE x.term_id IN (" . implode( ',', $terms ? array_map( 'intval', $terms ) : array( 0 ) ) . '))';
	}
}
