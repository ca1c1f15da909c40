<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\Database;

/** Repository of which summaries a user may read: the rule of Capabilities as SQL. It says for many what map_meta_cap says for one. */
final class ReadableRule {

	/** @return string What to append to a WHERE clause on the posts table; '' where the user reads everything. */
	public static function restriction( int $user ): string {
		$rule = self::of( $user );
		return '' === $rule ? '' : ' AND (' . Database::wpdb()->posts . '.post_type <> ' . self::quoted( array( PostType::NAME ) ) . " OR ($rule))";
	}

	/** @return array<string,string> Status → how many summaries the user may read; only for users whom the rule restricts. */
	public static function counts( int $user ): array {
		$rule = self::of( $user );
		return array_column( Database::rows( 'SELECT post_status, COUNT(*) AS n FROM ' . Database::wpdb()->posts . " WHERE post_type = %s AND ($rule) GROUP BY post_status", PostType::NAME ), 'n', 'post_status' );
	}

	/** A condition on the posts table; '' where the user reads everything. */
	public static function of( int $user ): string {
		$can = static fn( string $cap ): bool => user_can( $user, $cap );
		if ( ! $can( Capabilities::LIST ) ) {
			return '1=0';
		}
		$rules = array_filter( array( self::of_summary( $user, $can ), self::of_document( $user, $can ) ) );
		return implode( ' AND ', $rules );
	}

	/** Own ones, and what may be edited of others'. */
	private static function of_summary( int $user, callable $can ): string {
		$others = self::of_others( $can );
		if ( '' === $others ) {
			return '';
		}
		$own = 'EXISTS (SELECT 1 FROM ' . Database::wpdb()->posts . " o WHERE o.post_type = 'attachment' AND o.post_author = $user AND o.ID = (" . self::document() . '))';
		return "($own OR ($others))";
	}

	/** @param callable(string):bool $can */
	private static function of_others( callable $can ): string {
		$status = Database::wpdb()->posts . '.post_status';
		$rules  = array();
		if ( ! $can( Capabilities::EDIT_OTHERS ) ) {
			return '1=0';
		}
		if ( ! $can( Capabilities::EDIT_PUBLISHED ) ) {
			$rules[] = "$status NOT IN ('publish','future')";
		}
		if ( ! $can( Capabilities::EDIT_PRIVATE ) ) {
			$rules[] = "$status <> 'private'";
		}
		return implode( ' AND ', $rules );
	}

	/** The document of a summary, as DocumentLinks::prime() finds it. */
	private static function document(): string {
		return 'SELECT MIN(j.attachment_id) FROM ' . Database::table( 'jobs' ) . ' j WHERE j.summary_post_id = ' . Database::wpdb()->posts . '.ID';
	}

	/** @param callable(string):bool $can */
	private static function of_document( int $user, callable $can ): string {
		$types = new ReadableTypes( $user );
		if ( $types->all() && $can( Capabilities::READ_PRIVATE ) ) {
			return '';
		}
		$posts   = Database::wpdb()->posts;
		$status  = "CASE WHEN d.post_status <> 'inherit' THEN d.post_status WHEN p.ID IS NULL THEN 'publish' ELSE p.post_status END";
		$through = $can( Capabilities::READ_PRIVATE ) ? 'p.post_type = ' . self::quoted( array( PostType::NAME ) ) : '1=0';
		$sound   = "EXISTS (SELECT 1 FROM $posts d LEFT JOIN $posts p ON p.ID = d.post_parent WHERE d.post_type = 'attachment'
			AND d.ID = (" . self::document() . ')
			AND (' . $types->readable( $status, 'd.post_type', 'd.post_author' ) . ') AND (p.ID IS NULL OR ' . $types->readable( 'p.post_status', 'p.post_type', 'p.post_author' ) . " OR $through))";
		if ( ! $can( Capabilities::READ_PRIVATE ) ) {
			return $sound;
		}
		return "($sound OR NOT EXISTS (SELECT 1 FROM $posts d JOIN " . Database::table( 'jobs' ) . " j ON j.attachment_id = d.ID WHERE j.summary_post_id = $posts.ID AND d.post_type = 'attachment'))";
	}

	/** @param string[] $names */
	public static function quoted( array $names ): string {
		// IN () is no SQL.
		return implode( ',', array_map( static fn( string $name ): string => "'" . esc_sql( $name ) . "'", $names ? $names : array( '' ) ) );
	}
}
