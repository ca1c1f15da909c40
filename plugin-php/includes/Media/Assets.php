<?php

declare( strict_types=1 );

namespace AIDoc\Media;

/** Scripts and styles of the live status: on Media screens and wherever core opens the media modal in wp-admin. */
final class Assets {

	public const STATUS = 'aidoc-status';
	public const GRID   = 'aidoc-media-grid';

	public function register(): void {
		add_action( 'admin_enqueue_scripts', array( $this, 'enqueue_on_media_screens' ) );
		add_action( 'wp_enqueue_media', array( $this, 'enqueue_with_media_modal' ) );
	}

	public function enqueue_on_media_screens( string $hook ): void {
		$attachment = 'post.php' === $hook && 'attachment' === ( get_current_screen()->post_type ?? '' );
		if ( in_array( $hook, array( 'upload.php', 'media-new.php' ), true ) || $attachment ) {
			self::enqueue_status();
		}
	}

	/** Front-end editors open the modal too, without wp-admin's styles and for visitors: not our place. */
	public function enqueue_with_media_modal(): void {
		if ( ! is_admin() || ! current_user_can( 'upload_files' ) ) {
			return;
		}
		self::enqueue_status();
		wp_enqueue_script( self::GRID, self::url( 'media-grid.js' ), array( self::STATUS, 'media-views' ), AIDOC_VERSION, true );
	}

	/** Also used by the queue page. */
	public static function enqueue_status(): void {
		if ( wp_script_is( self::STATUS ) || ! current_user_can( 'upload_files' ) ) {
			return;
		}
		wp_enqueue_style( self::STATUS, self::url( 'status.css' ), array( 'dashicons' ), AIDOC_VERSION );
		wp_enqueue_script( self::STATUS, self::url( 'status.js' ), array( 'wp-api-fetch', 'wp-a11y' ), AIDOC_VERSION, true );
		wp_add_inline_script( self::STATUS, 'window.aidocStatus = ' . wp_json_encode( self::settings() ) . ';', 'before' );
	}

	public static function url( string $file ): string {
		return plugins_url( 'assets/' . $file, AIDOC_FILE );
	}

	private static function settings(): array {
		$states = array( 'none', 'queued', 'processing', 'done', 'failed', 'notext', 'cancelled' );
		return array(
			'path'   => '/aidoc/v1/items',
			'filter' => StateFilter::NAME,
			'states' => StateFilter::choices(),
			'bulk'   => BulkActions::labels(),
			'icons'  => array_combine( $states, array_map( array( StatusView::class, 'icon' ), $states ) ),
			'i18n'   => array(
				/* translators: Spoken. 1: title of a document, 2: its new state, such as "Done". */
				'change'  => __( '%1$s: %2$s', 'ai-doc-pipeline' ),
				/* translators: Spoken. %d: number of documents. */
				'changes' => __( 'The state of %d documents has changed.', 'ai-doc-pipeline' ),
				'redo'    => __( 'Read this document again? Its draft is written anew, or where somebody has edited it the new text becomes a revision. A model may cost money.', 'ai-doc-pipeline' ),
				'filter'  => __( 'Filter by state of the summary', 'ai-doc-pipeline' ),
				'failed'  => __( 'That did not work. Check your connection and try again.', 'ai-doc-pipeline' ),
				/* translators: Spoken with the name of a tile in the media grid. %s: state of its summary, such as "Queued". */
				'tile'    => __( 'Summary: %s', 'ai-doc-pipeline' ),
			),
		);
	}
}
