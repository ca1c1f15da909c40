<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\Summaries\PostType;
use AIDoc\Summaries\DocumentLinks;

/** The status of the document beside its summary, where an editor reads the text and must know what is missing from it. */
final class SummaryBox {

	public function __construct(
		private readonly Statuses $statuses,
		private readonly DocumentLinks $links,
	) {}

	public function register(): void {
		add_action( 'add_meta_boxes_' . PostType::NAME, array( $this, 'add' ) );
	}

	public function add( \WP_Post $post ): void {
		if ( 'attachment' !== ( PostType::post( $this->links->document_of( $post->ID ) )->post_type ?? '' ) || ! current_user_can( 'upload_files' ) ) {
			return;
		}
		Assets::enqueue_status();
		add_meta_box( 'aidoc-document', __( 'Source document', 'ai-doc-pipeline' ), array( $this, 'render' ), PostType::NAME, 'side', 'high' );
	}

	/** Without the link that leads to this very screen: assets/status.css hides the one that a live update would draw. */
	public function render( \WP_Post $post ): void {
		$document       = $this->links->document_of( $post->ID );
		$status         = $this->statuses->status( $document );
		$status['link'] = null;
		$edit           = get_edit_post_link( $document );
		echo '<div class="aidoc-box">';
		if ( $edit ) {
			printf( '<p><a href="%s">%s</a></p>', esc_url( $edit ), esc_html( $status['title'] ) );
		}
		echo StatusHtml::full( $status ) . '</div>'; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- StatusHtml escapes each value where it builds the markup.
	}
}
