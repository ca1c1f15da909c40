<?php
declare( strict_types=1 );

namespace AIDoc\Review;

use AIDoc\Database;

/**
 * Repository of the order of the list of summaries by a number in a field. Summaries without the field stay in the list, which
 * orderby meta_value_num would leave out, and one row is looked up for each, where a meta query with NOT EXISTS reads all fields of all.
 */
final class ListOrder {

	private const ALIAS = 'aidoc_by';

	/**
	 * @param array<string,string> $clauses Of WP_Query.
	 * @param string               $field   Name of a field of ours.
	 * @return array<string,string>
	 */
	public static function by( array $clauses, string $field, bool $ascending ): array {
		$posts = Database::wpdb()->posts;
		$way   = $ascending ? 'ASC' : 'DESC';

		$clauses['join']   .= ' LEFT JOIN ' . Database::wpdb()->postmeta . ' ' . self::ALIAS . ' ON ' . self::ALIAS . ".post_id = $posts.ID AND " . self::ALIAS . ".meta_key = '" . esc_sql( $field ) . "'";
		$clauses['orderby'] = 'CASE WHEN ' . self::ALIAS . '.meta_value IS NULL THEN 1 ELSE 0 END, CAST(' . self::ALIAS . ".meta_value AS DECIMAL(20,6)) $way, $posts.ID DESC";
		return $clauses;
	}
}
