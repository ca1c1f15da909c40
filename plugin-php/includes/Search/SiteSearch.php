<?php
declare( strict_types=1 );

namespace AIDoc\Search;

use AIDoc\Settings;

/**
 * WordPress' own search, where the setting says so: on the site it finds the posts that a document is attached to or that show its
 * summary, in the Media Library the documents themselves. Never the summary, which has no page, and nothing that who searches
 * may not read.
 */
final class SiteSearch {

	public const SETTING = 'search_summaries';

	public function __construct(
		private readonly Settings $settings,
		private readonly Matches $matches,
	) {}

	/** Whether a query is one that may find more; cheap, for it is asked of every query. */
	public static function concerns( \WP_Query $query ): bool {
		if ( '' === trim( (string) $query->get( 's' ) ) || ( defined( 'REST_REQUEST' ) && REST_REQUEST ) || ( defined( 'XMLRPC_REQUEST' ) && XMLRPC_REQUEST ) ) {
			return false;
		}
		return self::is_media( $query ) || ( ! is_admin() && $query->is_main_query() && $query->is_search() );
	}

	/** @param string $search " AND (…)", as core has made it. */
	public function widen( string $search, \WP_Query $query ): string {
		$typed = (string) $query->get( 's' );
		$words = Words::of( $typed );
		// Who leaves words out or wants a phrase as it stands gets what core finds by that.
		if ( '' === $search || ! $words || preg_match( '~(^|\s)-\S|"~', $typed ) || $query->get( 'exact' ) || $query->get( 'sentence' ) || ! $this->settings->get( self::SETTING ) ) {
			return $search;
		}
		$more = self::is_media( $query ) ? $this->matches->documents( $words, get_current_user_id() ) : $this->matches->pages( $words, get_current_user_id() );
		return " AND ((1=1$search) OR $more)";
	}

	private static function is_media( \WP_Query $query ): bool {
		return is_admin() && 'attachment' === $query->get( 'post_type' ) && current_user_can( 'upload_files' );
	}
}
