<?php
declare( strict_types=1 );

namespace AIDoc\Review;

use AIDoc\Database;
use AIDoc\Summaries\PostType;

/**
 * Repository of the order of the list of summaries by a number in a field. Summaries without the field stay in the list, which
 * orderby meta_value_num would leave out, and one row is looked up for each, where a meta query with NOT EXISTS reads all fields of all.
 */
final class ListOrder {

	/** Column → field. */
	private const FIELDS = array(
		'aidoc_pages'      => 'aidoc_pages',
		'aidoc_confidence' => 'aidoc_confidence',
		'aidoc_cost'       => 'aidoc_cost_usd',
	);

	private const ALIAS = 'aidoc_by';

	public function register(): void {
		add_filter( 'posts_clauses', array( self::class, 'sort' ), 10, 2 );
	}

	/** @return array<string,string> Columns by which it can be sorted. */
	public static function columns(): array {
		return array_combine( array_keys( self::FIELDS ), array_keys( self::FIELDS ) );
	}

	/**
	 * @param array<string,string> $clauses
	 * @return array<string,string>
	 */
	public static function sort( $clauses, \WP_Query $query ): array {
		$by    = $query->get( 'orderby' );
		$field = is_string( $by ) ? self::FIELDS[ $by ] ?? '' : '';
		$list  = is_admin() && $query->is_main_query() && PostType::NAME === $query->get( 'post_type' );
		$order = strtolower( (string) $query->get( 'order' ) );
		return '' !== $field && $list ? self::by( (array) $clauses, $field, 'asc' === $order ) : (array) $clauses;
	}

	/**
	 * @param array<string,string> $clauses
	 * @param string               $field   One of FIELDS.
	 * @return array<string,string>
	 */
	private static function by( array $clauses, string $field, bool $ascending ): array {
		$posts = Database::wpdb()->posts;
		$way   = $ascending ? 'ASC' : 'DESC';
		$value = self::ALIAS . '.meta_value';

		$clauses['join']   .= ' LEFT JOIN ' . Database::wpdb()->postmeta . ' ' . self::ALIAS . ' ON ' . self::ALIAS . ".post_id = $posts.ID AND " . self::ALIAS . ".meta_key = '$field'";
		$clauses['orderby'] = "CASE WHEN $value IS NULL THEN 1 ELSE 0 END, CAST($value AS DECIMAL(20,6)) $way, $posts.ID DESC";
		return $clauses;
	}
}
