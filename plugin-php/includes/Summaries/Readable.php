<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/**
 * Holds lists to the rule of Capabilities, so that what somebody may not read is neither counted nor found by searching, sorting
 * or paging. A plugin that narrows map_meta_cap further narrows items, not totals.
 */
final class Readable {

	/** On a WP_Query: the user who must be able to read what it returns. */
	public const QUERY_VAR = 'aidoc_readable_by';

	public function __construct( private readonly DocumentLinks $links ) {}

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
		return 0 === $user ? $where : $where . ReadableRule::restriction( $user );
	}

	/**
	 * @param \WP_Post[]|int[] $posts
	 * @return \WP_Post[]|int[]
	 */
	public function prime( $posts, \WP_Query $query ) {
		if ( self::is_about_summaries( $query ) ) {
			$this->links->prime( array_map( static fn( $post ): int => (int) ( $post->ID ?? $post ), (array) $posts ) );
		}
		return $posts;
	}

	/** The numbers above the screen's list. */
	public static function counts( $counts, $type ) {
		if ( PostType::NAME !== $type || ! is_admin() || self::all( self::reader() ) ) {
			return $counts;
		}
		$found = ReadableRule::counts( self::reader() );
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
		return '' === ReadableRule::of( $user );
	}

	private static function is_about_summaries( \WP_Query $query ): bool {
		return in_array( PostType::NAME, (array) $query->get( 'post_type' ), true );
	}
}
