<?php
declare( strict_types=1 );

namespace AIDoc\Review;

use AIDoc\Media\Assets;
use AIDoc\Summaries\PostType;

/** Script and style of the panel, on the screen of a summary only: the sidebar of the block editor, or the meta box of the classic one. */
final class EditorAssets {

	public const HANDLE = 'aidoc-editor-panel';

	/** Where the meta box puts the panel. */
	public const MOUNT = 'aidoc-review';

	public function __construct( private readonly Panel $panel ) {}

	public function register(): void {
		add_action( 'enqueue_block_editor_assets', array( $this, 'enqueue_in_block_editor' ) );
	}

	public function enqueue_in_block_editor(): void {
		$screen = function_exists( 'get_current_screen' ) ? get_current_screen() : null;
		if ( $screen && 'post' === $screen->base && PostType::NAME === $screen->post_type ) {
			$this->enqueue( array( 'wp-plugins', 'wp-edit-post', 'wp-editor', 'wp-data', 'wp-preferences' ), null );
		}
	}

	/** The meta box has its data with the page; the block editor has them with the post. */
	public function enqueue_in_meta_box( \WP_Post $post ): void {
		$this->enqueue( array(), $this->panel->of( $post ) );
	}

	/**
	 * @param string[]                 $more Scripts beside those that both editors have.
	 * @param array<string,mixed>|null $view As Panel gives it.
	 */
	private function enqueue( array $more, ?array $view ): void {
		Assets::enqueue_status();
		wp_enqueue_style( self::HANDLE, Assets::url( 'editor-panel.css' ), array( 'wp-components' ), AIDOC_VERSION );
		wp_enqueue_script( self::HANDLE, Assets::url( 'editor-panel.js' ), array( 'wp-element', 'wp-components', 'wp-api-fetch', 'wp-a11y', ...$more ), AIDOC_VERSION, true );
		$settings = array(
			'path'  => '/aidoc/v1/summaries/',
			'field' => EditorField::NAME,
			'mount' => self::MOUNT,
			'view'  => $view,
			'i18n'  => self::texts(),
		);
		wp_add_inline_script( self::HANDLE, 'window.aidocReview = ' . wp_json_encode( $settings, JSON_HEX_TAG ) . ';', 'before' );
	}

	/** @return array<string,string> */
	private static function texts(): array {
		return array(
			'panel'      => __( 'Document summary', 'ai-doc-pipeline' ),
			'document'   => __( 'Source document', 'ai-doc-pipeline' ),
			'file'       => __( 'Open the file', 'ai-doc-pipeline' ),
			'review'     => __( 'Review', 'ai-doc-pipeline' ),
			'approve'    => __( 'Mark as reviewed', 'ai-doc-pipeline' ),
			'publish'    => __( 'Approve and publish', 'ai-doc-pipeline' ),
			'again'      => __( 'Review again', 'ai-doc-pipeline' ),
			'takeBack'   => __( 'Take the review back', 'ai-doc-pipeline' ),
			'how'        => __( 'How it was made', 'ai-doc-pipeline' ),
			'trace'      => __( 'Trace id', 'ai-doc-pipeline' ),
			'traceHelp'  => __( 'The agent’s log has the same.', 'ai-doc-pipeline' ),
			'compare'    => __( 'Compare with the new one', 'ai-doc-pipeline' ),
			'anew'       => __( 'Make it anew', 'ai-doc-pipeline' ),
			'wish'       => __( 'What should be different?', 'ai-doc-pipeline' ),
			'wishHelp'   => __( 'For instance: shorter; for parents; begin with the decision. It stays for later readings until you change it. Form and rules of the summary stay as they are.', 'ai-doc-pipeline' ),
			'regenerate' => __( 'Regenerate', 'ai-doc-pipeline' ),
			'without'    => __( 'Redo without the instruction', 'ai-doc-pipeline' ),
			'arrived'    => __( 'The document was read again.', 'ai-doc-pipeline' ),
			'reload'     => __( 'Load the new version', 'ai-doc-pipeline' ),
			'loading'    => __( 'Loading…', 'ai-doc-pipeline' ),
			'failed'     => __( 'That did not work. Check your connection and try again.', 'ai-doc-pipeline' ),
			/* translators: %d: number of characters. */
			'left'       => __( '%d characters left', 'ai-doc-pipeline' ),
		);
	}
}
