<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/** The post type of the drafts. Private: a summary of an internal document must not appear on the site by itself. */
final class PostType {

	public const NAME = 'aidoc_summary';

	public function register(): void {
		add_action( 'init', array( self::class, 'register_post_type' ) );
		add_filter( 'pre_do_shortcode_tag', array( self::class, 'keep_brackets' ), 10, 4 );
	}

	/**
	 * Brackets in a summary come from a document. We escape them, but the editor unescapes them when a person saves.
	 *
	 * @param string|false      $output
	 * @param string            $tag
	 * @param array|string      $attributes
	 * @param array<int,string> $match
	 * @return string|false
	 */
	public static function keep_brackets( $output, $tag, $attributes, $match ) {
		return self::NAME === get_post_type() ? $match[0] : $output;
	}

	public static function register_post_type(): void {
		register_post_type(
			self::NAME,
			array(
				'labels'              => array(
					'name'                  => __( 'Document Summaries', 'ai-doc-pipeline' ),
					'singular_name'         => __( 'Document Summary', 'ai-doc-pipeline' ),
					'all_items'             => __( 'Document Summaries', 'ai-doc-pipeline' ),
					'edit_item'             => __( 'Edit Document Summary', 'ai-doc-pipeline' ),
					'view_item'             => __( 'View Document Summary', 'ai-doc-pipeline' ),
					'search_items'          => __( 'Search Document Summaries', 'ai-doc-pipeline' ),
					'not_found'             => __( 'No document summaries yet. Upload a document, and an agent will write one.', 'ai-doc-pipeline' ),
					'not_found_in_trash'    => __( 'No document summaries in the Trash.', 'ai-doc-pipeline' ),
					'filter_items_list'     => __( 'Filter document summaries', 'ai-doc-pipeline' ),
					'items_list_navigation' => __( 'Document summaries list navigation', 'ai-doc-pipeline' ),
					'items_list'            => __( 'Document summaries list', 'ai-doc-pipeline' ),
				),
				'public'              => false,
				'publicly_queryable'  => false,
				'exclude_from_search' => true,
				'show_ui'             => true,
				'show_in_menu'        => true,
				'menu_position'       => 11, // Below Media.
				'menu_icon'           => 'dashicons-media-text',
				'show_in_rest'        => true,
				'rest_base'           => 'aidoc-summaries',
				'has_archive'         => false,
				'rewrite'             => false,
				'query_var'           => false,
				'can_export'          => true,
				'delete_with_user'    => false,
				'map_meta_cap'        => true,
				'capability_type'     => 'post',
				// Editors and above: the list alone tells the titles of other people's documents.
				'capabilities'        => array(
					'edit_posts'   => 'edit_others_posts',
					'create_posts' => 'do_not_allow',
				),
				'supports'            => array( 'title', 'editor', 'revisions', 'custom-fields', 'author' ),
			)
		);
	}
}
