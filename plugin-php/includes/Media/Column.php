<?php

declare( strict_types=1 );

namespace AIDoc\Media;

/** The "Summary" column of the Media library's list view. */
final class Column {

	public const NAME = 'aidoc_summary';

	public function __construct( private readonly Statuses $statuses ) {}

	public function register(): void {
		add_filter( 'manage_media_columns', array( $this, 'add' ) );
		add_action( 'manage_media_custom_column', array( $this, 'render' ), 10, 2 );
		add_action( 'load-upload.php', array( $this, 'prime_main_query' ) );
	}

	/** After the file and its author, before comments and date: where people look first. */
	public function add( array $columns ): array {
		$at     = array_search( 'author', array_keys( $columns ), true );
		$at     = false === $at ? min( 2, count( $columns ) ) : $at + 1;
		$column = array( self::NAME => __( 'Summary', 'ai-doc-pipeline' ) );
		return array_slice( $columns, 0, $at, true ) + $column + array_slice( $columns, $at, null, true );
	}

	public function render( string $column, int $attachment_id ): void {
		if ( self::NAME !== $column ) {
			return;
		}
		// Escaped where it is built.
		echo StatusHtml::full( $this->statuses->status( $attachment_id ) ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- StatusHtml escapes each value where it builds the markup.
	}

	public function prime_main_query(): void {
		add_filter(
			'the_posts',
			function ( array $posts, \WP_Query $query ): array {
				if ( $query->is_main_query() ) {
					$this->statuses->prime( wp_list_pluck( $posts, 'ID' ) );
				}
				return $posts;
			},
			10,
			2
		);
	}
}
