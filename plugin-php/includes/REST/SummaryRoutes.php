<?php
declare( strict_types=1 );

namespace AIDoc\REST;

use AIDoc\Summaries\Capabilities;
use AIDoc\Summaries\PostType;

/**
 * Closes what core's REST routes tell about summaries to people who have nothing to do with them: whether an id is one
 * (revisions, autosaves), that the type exists, and who uploaded a document whose summary was published.
 */
final class SummaryRoutes {

	private const ROUTES = '~^/wp/v2/(?:aidoc-summaries|types/aidoc_summary)(?:/|$)~i';

	/** Revisions and autosaves. */
	private const BELOW = '~^/wp/v2/aidoc-summaries/(\d+)/~i';

	public function register(): void {
		add_filter( 'rest_request_before_callbacks', array( self::class, 'refuse' ), 10, 3 );
		add_filter( 'rest_request_after_callbacks', array( self::class, 'hide_type' ), 10, 3 );
		add_filter( 'rest_user_query', array( self::class, 'hide_authors' ) );
		add_filter( 'get_usernumposts', array( self::class, 'not_published' ), 10, 4 );
	}

	/** @return mixed */
	public static function refuse( $response, $handler, \WP_REST_Request $request ) {
		if ( is_wp_error( $response ) || ! preg_match( self::ROUTES, $request->get_route() ) ) {
			return $response;
		}
		if ( self::may_list() ) {
			return self::refuse_below( $response, $request );
		}
		return new \WP_Error( 'aidoc_forbidden', __( 'You are not allowed to see document summaries.', 'ai-doc-pipeline' ), array( 'status' => rest_authorization_required_code() ) );
	}

	/**
	 * What is below a summary that one may not read answers as below none: core would tell that it is there.
	 *
	 * @return mixed
	 */
	private static function refuse_below( mixed $response, \WP_REST_Request $request ) {
		if ( ! preg_match( self::BELOW, $request->get_route(), $found ) || current_user_can( 'read_post', (int) $found[1] ) ) {
			return $response;
		}
		return new \WP_Error( 'rest_post_invalid_parent', __( 'There is no such document summary.', 'ai-doc-pipeline' ), array( 'status' => 404 ) );
	}

	/** @return mixed */
	public static function hide_type( $response, $handler, \WP_REST_Request $request ) {
		if ( $response instanceof \WP_REST_Response && ! self::may_list() && 0 === strcasecmp( '/wp/v2/types', rtrim( $request->get_route(), '/' ) ) ) {
			$response->set_data( array_diff_key( (array) $response->get_data(), array( PostType::NAME => 1 ) ) );
		}
		return $response;
	}

	/**
	 * Core shows a user to everybody once a post of theirs is published, of any type that REST knows.
	 *
	 * @param array<string,mixed> $query
	 * @return array<string,mixed>
	 */
	public static function hide_authors( $query ) {
		if ( is_array( $query['has_published_posts'] ?? null ) ) {
			// An empty list would ask for nobody's posts, that is for all users.
			$others                       = array_values( array_diff( $query['has_published_posts'], array( PostType::NAME ) ) );
			$query['has_published_posts'] = $others ? $others : array( '' );
		}
		return $query;
	}

	/** @return mixed */
	public static function not_published( $count, $user_id, $types, $public_only ) {
		if ( ! is_array( $types ) || count( $types ) < 2 || ! in_array( PostType::NAME, $types, true ) || current_user_can( Capabilities::EDIT_OTHERS ) ) {
			return $count;
		}
		return count_user_posts( $user_id, array_values( array_diff( $types, array( PostType::NAME ) ) ), $public_only );
	}

	private static function may_list(): bool {
		return current_user_can( Capabilities::LIST );
	}
}
