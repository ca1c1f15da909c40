<?php
declare( strict_types=1 );

namespace AIDoc\Front;

/** Registers the blocks and shortcodes. What draws them is built when a page has one. */
final class Blocks {

	public const SUMMARY = 'aidoc/document-summary';
	public const LIST    = 'aidoc/summary-list';

	/** Loaded by pages that show something of ours, and by the editor. */
	public const STYLE = 'aidoc-front';

	/**
	 * @param \Closure():SummaryBlock $summary
	 * @param \Closure():SummaryList  $summaries
	 */
	public function __construct(
		private readonly \Closure $summary,
		private readonly \Closure $summaries,
	) {}

	public function register(): void {
		add_action( 'init', array( $this, 'register_blocks' ) );
		add_shortcode( 'document_summary', fn( $given ): string => ( $this->summary )()->shortcode( $given ) );
		add_shortcode( 'document_summaries', fn( $given ): string => ( $this->summaries )()->shortcode( $given ) );
	}

	/** The texts of block.json once more, where translators find them. */
	public function register_blocks(): void {
		wp_register_style( self::STYLE, plugins_url( 'assets/front.css', AIDOC_FILE ), array(), AIDOC_VERSION );
		wp_style_add_data( self::STYLE, 'path', AIDOC_DIR . '/assets/front.css' ); // Small: WordPress prints it into the page.
		register_block_type(
			AIDOC_DIR . '/assets/blocks/document-summary',
			array(
				'title'           => __( 'Document Summary', 'ai-doc-pipeline' ),
				'description'     => __( 'The published summary of a document of the Media Library, for everybody who may read the document.', 'ai-doc-pipeline' ),
				'render_callback' => fn( array $attributes, string $content, ?\WP_Block $block = null ): string => ( $this->summary )()->block( $attributes, $block->context ?? array() ),
			)
		);
		register_block_type(
			AIDOC_DIR . '/assets/blocks/summary-list',
			array(
				'title'           => __( 'Documents with Summaries', 'ai-doc-pipeline' ),
				'description'     => __( 'A list of documents with published summaries, with search. Everybody finds what they may read.', 'ai-doc-pipeline' ),
				'render_callback' => fn( array $attributes, string $content, ?\WP_Block $block = null ): string => ( $this->summaries )()->block( $attributes, $block->context ?? array() ),
			)
		);
	}
}
