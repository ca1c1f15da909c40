<?php
declare( strict_types=1 );

namespace AIDoc\Front;

use AIDoc\Database;
use AIDoc\Summaries\DocumentLinks;
use AIDoc\Summaries\PostType;
use AIDoc\Summaries\ReadableRule;
use AIDoc\Summaries\ReadableTypes;

/**
 * Repository of which published summaries somebody sees on the site: Visibility as SQL, for lists and their counts. A document
 * behind a password is in no list, also not for who has entered it.
 */
final class PublishedRule {

	/** Summaries s, their documents d, and the posts p that these are attached to. */
	public static function from(): string {
		$posts = Database::wpdb()->posts;
		$meta  = Database::wpdb()->postmeta;
		return " FROM $posts s JOIN $posts d ON d.ID = COALESCE(
			(SELECT MIN(j.attachment_id) FROM " . Database::table( 'jobs' ) . " j WHERE j.summary_post_id = s.ID),
			(SELECT s.post_parent FROM $meta m WHERE m.post_id = s.ID AND m.meta_key = '" . DocumentLinks::FIELD . "' AND m.meta_value = CONCAT(s.post_parent, ':', s.ID) LIMIT 1))
			LEFT JOIN $posts p ON p.ID = d.post_parent";
	}

	/** @param int $user 0 for a visitor. */
	public static function where( int $user ): string {
		$rules = array_filter( array( self::is_public(), $user > 0 ? self::may_read( $user ) : '' ) );
		return " WHERE s.post_type = '" . PostType::NAME . "' AND s.post_status = 'publish' AND d.post_type = 'attachment' AND d.post_status <> 'trash'
			AND s.post_password = '' AND d.post_password = '' AND (p.ID IS NULL OR (p.post_password = '' AND p.post_type <> '" . PostType::NAME . "')) AND (" . implode( ' OR ', $rules ) . ')';
	}

	private static function is_public(): string {
		$types  = array_values( array_filter( get_post_types(), 'is_post_type_viewable' ) );
		$stati  = ReadableRule::quoted( array_values( array_filter( get_post_stati(), 'is_post_status_viewable' ) ) );
		$parent = "p.post_status IN ($stati) AND p.post_type IN (" . ReadableRule::quoted( $types ) . ')';
		return in_array( 'attachment', $types, true ) ? "((d.post_status = 'inherit' OR d.post_status IN ($stati)) AND (p.ID IS NULL OR ($parent)))" : '1=0';
	}

	private static function may_read( int $user ): string {
		$types  = new ReadableTypes( $user );
		$status = "CASE WHEN d.post_status <> 'inherit' THEN d.post_status WHEN p.ID IS NULL THEN 'publish' ELSE p.post_status END";
		return '(' . $types->readable( $status, 'd.post_type', 'd.post_author' ) . ' AND (p.ID IS NULL OR ' . $types->readable( 'p.post_status', 'p.post_type', 'p.post_author' ) . '))';
	}
}
