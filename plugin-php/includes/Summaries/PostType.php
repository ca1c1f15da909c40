<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\REST\SummariesController;

/** The post type of the drafts. Private: a summary of an internal document must not appear on the site by itself. */
final class PostType {

	public const NAME = 'aidoc_summary';

	/** As get_post(), which takes 0 for the post that is being shown. */
	public static function post( int $id ): ?\WP_Post {
		return $id > 0 ? get_post( $id ) : null;
	}

	public function register(): void {
		add_action( 'init', array( self::class, 'register_post_type' ) );
	}

	public static function register_post_type(): void {
		register_post_type(
			self::NAME,
			array(
				'labels'                => array(
					'name'                  => __( 'Document Summaries', 'ai-doc-pipeline' ),
					'singular_name'         => _x( 'Document Summary', 'tab of the editor, which is narrow', 'ai-doc-pipeline' ),
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
				'public'                => false,
				'publicly_queryable'    => false,
				'exclude_from_search'   => true,
				'embeddable'            => false,
				'show_ui'               => true,
				'show_in_menu'          => true,
				'menu_position'         => 11, // Below Media.
				'menu_icon'             => 'dashicons-media-text',
				'show_in_rest'          => true,
				'rest_base'             => 'aidoc-summaries',
				'has_archive'           => false,
				'rewrite'               => false,
				'query_var'             => false,
				'can_export'            => true,
				'delete_with_user'      => false,
				'map_meta_cap'          => true,
				'rest_controller_class' => SummariesController::class,
				'capability_type'       => Capabilities::TYPE,
				'capabilities'          => array( 'create_posts' => 'do_not_allow' ),
				'supports'              => array( 'title', 'editor', 'revisions', 'custom-fields', 'author' ),
			)
		);
	}
}
