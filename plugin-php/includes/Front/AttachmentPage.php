<?php
declare( strict_types=1 );

namespace AIDoc\Front;

use AIDoc\Settings;

/** Appends the summary to the page that WordPress has for an attachment, where the setting says so. */
final class AttachmentPage {

	public const SETTING = 'show_on_attachment_page';

	public function __construct(
		private readonly Settings $settings,
		private readonly SummaryBlock $block,
	) {}

	/** Only to the attachment that the page is about, and not where it shows its summary by itself. */
	public function append( string $content ): string {
		$post = get_post();
		if ( ! $post || get_queried_object_id() !== $post->ID || ! $this->settings->get( self::SETTING ) || self::has_it( $post->post_content ) ) {
			return $content;
		}
		return $content . $this->block->render( Shown::of_block( array( 'attachmentId' => $post->ID ) ), 'class="aidoc-summary"' );
	}

	private static function has_it( string $content ): bool {
		return has_block( Blocks::SUMMARY, $content ) || has_shortcode( $content, 'document_summary' );
	}
}
