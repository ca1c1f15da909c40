<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\Jobs\LatestState;

/** Filters the media library by the state of summaries: a choice above the list, and what the choice above the grid and in modals asks for. */
final class StateFilter {

	/** In the address of the list, and in what the grid asks for. */
	public const NAME = 'aidoc_state';

	/** @param \Closure():LatestState $states Built when somebody filters. */
	public function __construct( private readonly \Closure $states ) {}

	public function register(): void {
		add_action( 'restrict_manage_posts', array( $this, 'render' ) );
		add_action( 'load-upload.php', array( $this, 'filter_list' ) );
		add_filter( 'ajax_query_attachments_args', array( $this, 'filter_grid' ) );
		add_filter( 'posts_where', array( $this, 'where' ), 10, 2 );
	}

	/** @return array<string,string> Value → label, in the order of a document's life. */
	public static function choices(): array {
		return array(
			''           => __( 'All summary states', 'ai-doc-pipeline' ),
			'none'       => __( 'Not read yet', 'ai-doc-pipeline' ),
			'queued'     => __( 'Queued', 'ai-doc-pipeline' ),
			'processing' => __( 'Processing', 'ai-doc-pipeline' ),
			'done'       => __( 'Done', 'ai-doc-pipeline' ),
			'failed'     => __( 'Failed', 'ai-doc-pipeline' ),
			'notext'     => __( 'No text', 'ai-doc-pipeline' ),
			'cancelled'  => __( 'Cancelled', 'ai-doc-pipeline' ),
		);
	}

	/** @param string $post_type Of the list that is shown. */
	public function render( $post_type ): void {
		if ( 'attachment' !== $post_type || ! current_user_can( 'upload_files' ) ) {
			return;
		}
		$chosen = self::known( $_GET[ self::NAME ] ?? '' ); // phpcs:ignore WordPress.Security.NonceVerification.Recommended, WordPress.Security.ValidatedSanitizedInput -- a filter that can be bookmarked; known() lets nothing through but the names of states.
		printf( '<label for="aidoc-filter" class="screen-reader-text">%s</label>', esc_html__( 'Filter by state of the summary', 'ai-doc-pipeline' ) );
		printf( '<select name="%s" id="aidoc-filter">', esc_attr( self::NAME ) );
		foreach ( self::choices() as $value => $label ) {
			printf( '<option value="%s"%s>%s</option>', esc_attr( $value ), selected( $chosen, $value, false ), esc_html( $label ) );
		}
		echo '</select>';
	}

	public function filter_list(): void {
		add_action(
			'pre_get_posts',
			static function ( \WP_Query $query ): void {
				$chosen = self::known( $_GET[ self::NAME ] ?? '' ); // phpcs:ignore WordPress.Security.NonceVerification.Recommended, WordPress.Security.ValidatedSanitizedInput -- as in render().
				if ( $query->is_main_query() && '' !== $chosen ) {
					$query->set( self::NAME, $chosen );
				}
			}
		);
	}

	/**
	 * Core passes on only the arguments it knows itself.
	 *
	 * @param array<string,mixed> $query
	 * @return array<string,mixed>
	 */
	public function filter_grid( $query ) {
		$asked = isset( $_REQUEST['query'] ) && is_array( $_REQUEST['query'] ) ? $_REQUEST['query'][ self::NAME ] ?? '' : ''; // phpcs:ignore WordPress.Security.NonceVerification.Recommended, WordPress.Security.ValidatedSanitizedInput -- as in render().
		$state = self::known( $asked );
		return '' === $state ? $query : array( self::NAME => $state ) + (array) $query;
	}

	/**
	 * @param string    $where
	 * @param \WP_Query $query
	 */
	public function where( $where, $query ): string {
		$state = (string) $query->get( self::NAME );
		return '' === $state || 'attachment' !== $query->get( 'post_type' ) ? (string) $where : $where . ( $this->states )()->condition( $state );
	}

	private static function known( mixed $asked ): string {
		return is_string( $asked ) && in_array( $asked, LatestState::names(), true ) ? $asked : '';
	}
}
