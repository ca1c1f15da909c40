<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\Plugin;
use AIDoc\Summaries\PostType;

/** The status of the document beside its summary, where an editor reads the text and must know what is missing from it. */
final class SummaryBox {

	private Statuses $statuses;

	public function __construct( Plugin $plugin ) {
		$this->statuses = new Statuses( $plugin );
	}

	public function register(): void {
		add_action( 'add_meta_boxes_' . PostType::NAME, array( $this, 'add' ) );
	}

	public function add( \WP_Post $post ): void {
		if ( 'attachment' !== get_post_type( $post->post_parent ) || ! current_user_can( 'upload_files' ) ) {
			return;
		}
		Assets::enqueue_status();
		add_meta_box( 'aidoc-document', __( 'Source document', 'ai-doc-pipeline' ), array( $this, 'render' ), PostType::NAME, 'side', 'high' );
	}

	/** Without the link that leads to this very screen: assets/status.css hides the one that a live update would draw. */
	public function render( \WP_Post $post ): void {
		$status         = $this->statuses->status( $post->post_parent );
		$status['link'] = null;
		$edit           = get_edit_post_link( $post->post_parent );
		echo '<div class="aidoc-box">';
		if ( $edit ) {
			printf( '<p><a href="%s">%s</a></p>', esc_url( $edit ), esc_html( $status['title'] ) );
		}
		// Escaped where it is built.
		echo StatusHtml::full( $status ) . '</div>'; // phpcs:ignore WordPress.Security.EscapeOutput
	}
}
