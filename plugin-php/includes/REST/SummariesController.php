<?php
declare( strict_types=1 );

namespace AIDoc\REST;

use AIDoc\Summaries\Readable;

/**
 * /wp/v2/aidoc-summaries. As core's, but that a status opens nothing: each item asks for the rights of Capabilities, and a list
 * holds, counts and finds only what its caller may read. Who may not use the routes at all never gets here (see SummaryRoutes).
 */
final class SummariesController extends \WP_REST_Posts_Controller {

	/** Without core's exception for the status "publish". */
	public function check_read_permission( $post ): bool {
		return current_user_can( 'read_post', $post->ID );
	}

	protected function prepare_items_query( $prepared_args = array(), $request = null ): array {
		return array(
			Readable::QUERY_VAR => Readable::reader(),
			'suppress_filters'  => false,
		) + parent::prepare_items_query( $prepared_args, $request );
	}

	/** What one may not read is not there: neither reading nor writing can tell the two apart. */
	protected function get_post( $id ) {
		$post = parent::get_post( $id );
		return is_wp_error( $post ) || $this->check_read_permission( $post ) ? $post : parent::get_post( -1 );
	}
}
