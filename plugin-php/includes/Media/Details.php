<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use WP_Post;

/** The status in the grid, in the attachment details of every media modal, and on the edit screen of an attachment. */
final class Details {

	public function __construct( private readonly Statuses $statuses ) {}

	public function register(): void {
		add_filter( 'wp_prepare_attachment_for_js', array( $this, 'add_to_js' ), 20, 2 );
		add_filter( 'ajax_query_attachments_args', array( $this, 'prime_grid_query' ), PHP_INT_MAX );
		add_action( 'attachment_submitbox_misc_actions', array( $this, 'render_on_edit_screen' ), 20 );
	}

	/**
	 * The grid's tile reads `aidoc`; the details templates print `compat.meta` below the file's facts. Both come with the
	 * attachment, so they are right before any script has asked for news.
	 *
	 * @param array|false $response Core passes what other filters left; some leave false.
	 */
	public function add_to_js( $response, WP_Post $attachment ) {
		if ( ! is_array( $response ) || ! is_admin() || ! current_user_can( 'upload_files' ) ) {
			return $response;
		}
		$status            = $this->statuses->status( $attachment->ID );
		$response['aidoc'] = $status;
		if ( isset( $response['compat'] ) && is_array( $response['compat'] ) && 'unsupported' !== $status['state'] ) {
			$response['compat']['meta'] = ( $response['compat']['meta'] ?? '' ) . $this->field( $status );
		}
		return $response;
	}

	public function prime_grid_query( $query ) {
		add_filter( 'the_posts', array( $this, 'prime_posts' ), 10, 2 );
		return $query;
	}

	/** @param WP_Post[] $posts */
	public function prime_posts( array $posts, \WP_Query $query ): array {
		if ( 'attachment' === $query->get( 'post_type' ) ) {
			$this->statuses->prime( wp_list_pluck( $posts, 'ID' ) );
		}
		return $posts;
	}

	public function render_on_edit_screen( WP_Post $post ): void {
		$status = $this->statuses->status( $post->ID );
		if ( 'unsupported' === $status['state'] ) {
			return;
		}
		echo '<div class="misc-pub-section aidoc-misc">' . $this->field( $status ) . '</div>'; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- field() and StatusHtml escape each value where they build the markup.
	}

	private function field( array $status ): string {
		return '<div class="aidoc-field"><strong class="aidoc-field__name">' . esc_html__( 'Document summary:', 'ai-doc-pipeline' ) . '</strong>' . StatusHtml::full( $status ) . '</div>';
	}
}
