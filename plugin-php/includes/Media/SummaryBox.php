<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\Review\EditorAssets;
use AIDoc\Summaries\PostType;
use AIDoc\Summaries\DocumentLinks;

/**
 * The document and its status beside its summary in the classic editor, where assets/editor-panel.js puts the whole panel in its
 * place. The block editor has that panel in its sidebar and shows no box.
 */
final class SummaryBox {

	public function __construct(
		private readonly Statuses $statuses,
		private readonly DocumentLinks $links,
		private readonly EditorAssets $assets,
	) {}

	public function register(): void {
		add_action( 'add_meta_boxes_' . PostType::NAME, array( $this, 'add' ) );
	}

	public function add( \WP_Post $post ): void {
		if ( 'attachment' !== ( PostType::post( $this->links->document_of( $post->ID ) )->post_type ?? '' ) || ! current_user_can( 'upload_files' ) ) {
			return;
		}
		if ( ! get_current_screen()?->is_block_editor() ) {
			$this->assets->enqueue_in_meta_box( $post );
		}
		// One has no field that a person may change, and the other no name to choose from where roles do not name our capabilities.
		remove_meta_box( 'postcustom', PostType::NAME, 'normal' );
		remove_meta_box( 'authordiv', PostType::NAME, 'normal' );
		$classic = array( '__back_compat_meta_box' => true );
		add_meta_box( 'aidoc-document', __( 'Document summary', 'ai-doc-pipeline' ), array( $this, 'render' ), PostType::NAME, 'side', 'high', $classic );
	}

	/** Without the link that leads to this very screen: assets/status.css hides the one that a live update would draw. */
	public function render( \WP_Post $post ): void {
		$document       = $this->links->document_of( $post->ID );
		$status         = $this->statuses->status( $document );
		$status['link'] = null;
		$edit           = get_edit_post_link( $document );
		printf( '<div class="aidoc-box" id="%s">', esc_attr( EditorAssets::MOUNT ) );
		if ( $edit ) {
			printf( '<p><a href="%s">%s</a></p>', esc_url( $edit ), esc_html( $status['title'] ) );
		}
		echo StatusHtml::full( $status ) . '</div>'; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- StatusHtml escapes each value where it builds the markup.
	}
}
