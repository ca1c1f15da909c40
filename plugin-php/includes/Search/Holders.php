<?php
declare( strict_types=1 );

namespace AIDoc\Search;

/** Notes with each post the documents whose summaries it shows by block or shortcode, so that a search leads there. */
final class Holders {

	/** A field of the post, once for each document. */
	public const FIELD = '_aidoc_shows';

	private const BLOCK = '~<!--\s+wp:aidoc/document-summary\s+(\{.*?\})\s+/?-->~s';

	private const MOST = 100;

	public static function saved( \WP_Post $post ): void {
		if ( wp_is_post_revision( $post ) || 'auto-draft' === $post->post_status ) {
			return;
		}
		$before = array_map( 'intval', (array) get_post_meta( $post->ID, self::FIELD, false ) );
		$now    = self::documents( $post->post_content );
		foreach ( array_diff( $before, $now ) as $gone ) {
			delete_post_meta( $post->ID, self::FIELD, $gone );
		}
		foreach ( array_diff( $now, $before ) as $new ) {
			add_post_meta( $post->ID, self::FIELD, $new );
		}
	}

	/** @return int[] */
	private static function documents( string $content ): array {
		$ids = array();
		if ( str_contains( $content, 'aidoc/document-summary' ) && preg_match_all( self::BLOCK, $content, $blocks ) ) {
			$ids = array_map( static fn( string $json ): int => (int) ( json_decode( $json, true )['attachmentId'] ?? 0 ), $blocks[1] );
		}
		if ( str_contains( $content, '[document_summary ' ) && preg_match_all( '~' . get_shortcode_regex( array( 'document_summary' ) ) . '~', $content, $codes ) ) {
			$of  = static fn( string $text ): int => absint( ( (array) shortcode_parse_atts( $text ) )['id'] ?? 0 );
			$ids = array_merge( $ids, array_map( $of, $codes[3] ) );
		}
		return array_slice( array_values( array_unique( array_filter( $ids ) ) ), 0, self::MOST );
	}
}
