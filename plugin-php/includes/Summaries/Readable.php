<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\Database;

/**
 * The rule of Capabilities for lists, as SQL, so that what somebody may not read is neither counted nor found by searching,
 * sorting or paging. It says for many what map_meta_cap says for one; a plugin that narrows the latter further narrows items,
 * not totals.
 */
final class Readable {

	/** On a WP_Query: the user who must be able to read what it returns. */
	public const QUERY_VAR = 'aidoc_readable_by';

	public function __construct( private readonly Ties $ties ) {}

	public function register(): void {
		add_action( 'pre_get_posts', array( self::class, 'narrow' ), PHP_INT_MAX );
		add_filter( 'posts_where', array( self::class, 'where' ), PHP_INT_MAX, 2 );
		add_filter( 'the_posts', array( $this, 'prime' ), 10, 2 );
		add_filter( 'wp_count_posts', array( self::class, 'counts' ), PHP_INT_MAX, 2 );
	}

	/** The screen's list and XML-RPC; REST's controller asks by itself. Code of the site that queries on purpose gets what it asks for. */
	public static function narrow( \WP_Query $query ): void {
		$xmlrpc = defined( 'XMLRPC_REQUEST' ) && XMLRPC_REQUEST;
		if ( self::is_about_summaries( $query ) && ( $xmlrpc || ( is_admin() && $query->is_main_query() ) ) ) {
			$query->set( self::QUERY_VAR, self::reader() );
			$query->set( 'suppress_filters', false );
		}
	}

	/** @param string $where */
	public static function where( $where, \WP_Query $query ): string {
		$user = (int) $query->get( self::QUERY_VAR );
		$rule = 0 === $user ? '' : self::rule( $user );
		return '' === $rule ? $where : $where . ' AND (' . Database::wpdb()->posts . '.post_type <> ' . self::quoted( array( PostType::NAME ) ) . " OR ($rule))";
	}

	/**
	 * @param \WP_Post[]|int[] $posts
	 * @return \WP_Post[]|int[]
	 */
	public function prime( $posts, \WP_Query $query ) {
		if ( self::is_about_summaries( $query ) ) {
			$this->ties->prime( array_map( static fn( $post ): int => (int) ( $post->ID ?? $post ), (array) $posts ) );
		}
		return $posts;
	}

	/** The numbers above the screen's list. */
	public static function counts( $counts, $type ) {
		$rule = PostType::NAME === $type && is_admin() ? self::rule( self::reader() ) : '';
		if ( '' === $rule ) {
			return $counts;
		}
		$found = array_column( Database::rows( 'SELECT post_status, COUNT(*) AS n FROM ' . Database::wpdb()->posts . " WHERE post_type = %s AND ($rule) GROUP BY post_status", PostType::NAME ), 'n', 'post_status' );
		foreach ( array_keys( get_object_vars( $counts ) ) as $status ) {
			$counts->$status = $found[ $status ] ?? 0;
		}
		return $counts;
	}

	/** The current user, as QUERY_VAR takes them: 0 would be no rule at all, so a visitor is -1. */
	public static function reader(): int {
		$user = get_current_user_id();
		return $user > 0 ? $user : -1;
	}

	/** Whether there is no summary that this user may not read. */
	public static function all( int $user ): bool {
		return '' === self::rule( $user );
	}

	/** A condition on the posts table; '' where the user reads everything. */
	private static function rule( int $user ): string {
		$can = static fn( string $cap ): bool => user_can( $user, $cap );
		if ( ! $can( Capabilities::LIST ) ) {
			return '1=0';
		}
		$rules = array_filter( array( self::of_summary( $user, $can ), self::of_document( $user, $can ) ) );
		return implode( ' AND ', $rules );
	}

	/** @param callable(string):bool $can */
	private static function of_summary( int $user, callable $can ): string {
		$posts = Database::wpdb()->posts;
		$rules = array();
		if ( ! $can( Capabilities::EDIT_OTHERS ) ) {
			$rules[] = "$posts.post_author = $user";
		}
		if ( ! $can( Capabilities::EDIT_PUBLISHED ) ) {
			$rules[] = "($posts.post_status NOT IN ('publish','future') AND NOT ($posts.post_status = 'trash' AND $posts.post_author = $user))";
		}
		if ( ! $can( Capabilities::EDIT_PRIVATE ) ) {
			$rules[] = "($posts.post_status <> 'private' OR $posts.post_author = $user)";
		}
		return implode( ' AND ', $rules );
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
			AND d.ID = (SELECT MIN(j.attachment_id) FROM " . Database::table( 'jobs' ) . " j WHERE j.summary_post_id = $posts.ID)
			AND (" . $types->readable( $status, 'd.post_type', 'd.post_author' ) . ') AND (p.ID IS NULL OR ' . $types->readable( 'p.post_status', 'p.post_type', 'p.post_author' ) . " OR $through))";
		if ( ! $can( Capabilities::READ_PRIVATE ) ) {
			return $sound;
		}
		return "($sound OR NOT EXISTS (SELECT 1 FROM $posts d JOIN " . Database::table( 'jobs' ) . " j ON j.attachment_id = d.ID WHERE j.summary_post_id = $posts.ID AND d.post_type = 'attachment'))";
	}

	private static function is_about_summaries( \WP_Query $query ): bool {
		return in_array( PostType::NAME, (array) $query->get( 'post_type' ), true );
	}

	/** @param string[] $names */
	public static function quoted( array $names ): string {
		// IN () is no SQL.
		return implode( ',', array_map( static fn( string $name ): string => "'" . esc_sql( $name ) . "'", $names ? $names : array( '' ) ) );
	}
}
