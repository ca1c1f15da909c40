<?php
declare( strict_types=1 );

namespace AIDoc\Front;

use AIDoc\Settings;

/** The script of the two blocks in the block editor: written as browsers read it, without a build. */
final class Editor {

	public const SCRIPT = 'aidoc-blocks';

	private const NEEDS = array( 'wp-blocks', 'wp-block-editor', 'wp-components', 'wp-core-data', 'wp-data', 'wp-element', 'wp-server-side-render' );

	/** Before the editor loads the scripts that its blocks name. */
	public static function register_script(): void {
		wp_register_script( self::SCRIPT, plugins_url( 'assets/blocks.js', AIDOC_FILE ), self::NEEDS, AIDOC_VERSION, true );
		wp_add_inline_script( self::SCRIPT, 'window.aidocBlocks = ' . wp_json_encode( self::settings() ) . ';', 'before' );
	}

	/** @return array<string,mixed> */
	private static function settings(): array {
		$taxonomies = array_filter( get_object_taxonomies( 'attachment', 'objects' ), static fn( \WP_Taxonomy $taxonomy ): bool => (bool) $taxonomy->show_ui );
		return array(
			'types'      => self::pairs( array_map( static fn( array $group ): string => $group['label'], Settings::type_groups() ), __( 'All types', 'ai-doc-pipeline' ) ),
			'taxonomies' => self::pairs( array_map( static fn( \WP_Taxonomy $taxonomy ): string => $taxonomy->label, $taxonomies ), __( 'None', 'ai-doc-pipeline' ) ),
			'mimes'      => Settings::mimes_of( array_keys( Settings::type_groups() ) ),
			'i18n'       => self::texts(),
		);
	}

	/** @param array<string,string> $labels */
	private static function pairs( array $labels, string $any ): array {
		$pairs = array(
			array(
				'value' => '',
				'label' => $any,
			),
		);
		foreach ( $labels as $value => $label ) {
			$pairs[] = compact( 'value', 'label' );
		}
		return $pairs;
	}

	/** @return array<string,string> */
	private static function texts(): array {
		return array(
			'summary'      => __( 'Document Summary', 'ai-doc-pipeline' ),
			'choose'       => __( 'Choose a document', 'ai-doc-pipeline' ),
			'replace'      => __( 'Choose another document', 'ai-doc-pipeline' ),
			'instructions' => __( 'Its published summary is shown here to everybody who may read the document.', 'ai-doc-pipeline' ),
			'document'     => __( 'Document', 'ai-doc-pipeline' ),
			'shown'        => __( 'What is shown', 'ai-doc-pipeline' ),
			'show'         => __( 'Show', 'ai-doc-pipeline' ),
			'whole'        => __( 'The whole summary', 'ai-doc-pipeline' ),
			'abstract'     => __( 'The abstract only', 'ai-doc-pipeline' ),
			'titles'       => __( 'Titles only', 'ai-doc-pipeline' ),
			'unfold'       => __( 'The whole summary, to unfold', 'ai-doc-pipeline' ),
			'title'        => __( 'Title', 'ai-doc-pipeline' ),
			'pages'        => __( 'Links to pages of the document', 'ai-doc-pipeline' ),
			'source'       => __( 'Link to the document', 'ai-doc-pipeline' ),
			'level'        => __( 'Level of the title', 'ai-doc-pipeline' ),
			'which'        => __( 'Which documents', 'ai-doc-pipeline' ),
			'type'         => __( 'Type of file', 'ai-doc-pipeline' ),
			'taxonomy'     => __( 'Folders', 'ai-doc-pipeline' ),
			'folder'       => __( 'Only the folder with this slug', 'ai-doc-pipeline' ),
			'attached'     => __( 'Only documents attached to this post', 'ai-doc-pipeline' ),
			'search'       => __( 'Search box', 'ai-doc-pipeline' ),
			'filters'      => __( 'Choices of type, year and folder', 'ai-doc-pipeline' ),
			'order'        => __( 'Order', 'ai-doc-pipeline' ),
			'newest'       => __( 'Newest documents first', 'ai-doc-pipeline' ),
			'by_title'     => __( 'By title', 'ai-doc-pipeline' ),
			'number'       => __( 'Documents on a page', 'ai-doc-pipeline' ),
			'nothing'      => __( 'Nothing is shown here: there is no published summary that you may read.', 'ai-doc-pipeline' ),
		);
	}
}
