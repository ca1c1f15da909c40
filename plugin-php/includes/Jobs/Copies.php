<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

/**
 * Plugins for several languages (Polylang, WPML) make a copy of a Media item for each language: a title and a description of its own, and
 * the same file. That is one document: the first of them is read, and all show its status and its summary.
 */
final class Copies {

	/** @var array<int,array<int,int>> Blog → attachment → the first with its file. */
	private array $known = array();

	/** Whether this site has such a plugin: it says whose copy an attachment is only after that was added. */
	public static function are_made(): bool {
		return function_exists( 'pll_get_post_translations' ) || has_filter( 'wpml_get_element_translations' );
	}

	/** The attachment that is read for this one: itself, or the first that has the same file and is known as its translation. */
	public function original( int $attachment_id ): int {
		if ( ! self::are_made() ) {
			return $attachment_id;
		}
		return $this->known[ get_current_blog_id() ][ $attachment_id ] ??= self::find( $attachment_id );
	}

	/**
	 * @param int[] $ids
	 * @return int[] Each document once.
	 */
	public function originals( array $ids ): array {
		return array_values( array_unique( array_map( $this->original( ... ), $ids ) ) );
	}

	/** Translations were added or have gone since. */
	public function forget(): void {
		$this->known = array();
	}

	private static function find( int $attachment_id ): int {
		$file = self::file( $attachment_id );
		$same = '' === $file ? array() : array_filter( self::translations( $attachment_id ), static fn( int $id ): bool => self::file( $id ) === $file && 'attachment' === get_post_type( $id ) );
		return min( array( $attachment_id, ...$same ) );
	}

	private static function file( int $attachment_id ): string {
		return (string) get_post_meta( $attachment_id, '_wp_attached_file', true );
	}

	/** @return int[] */
	private static function translations( int $attachment_id ): array {
		if ( function_exists( 'pll_get_post_translations' ) ) {
			return array_map( 'intval', array_values( pll_get_post_translations( $attachment_id ) ) );
		}
		// phpcs:disable WordPress.NamingConventions.PrefixAllGlobals.NonPrefixedHooknameFound -- what WPML documents for other plugins.
		$group = apply_filters( 'wpml_element_trid', null, $attachment_id, 'post_attachment' );
		$all   = $group ? apply_filters( 'wpml_get_element_translations', array(), $group, 'post_attachment' ) : array();
		// phpcs:enable
		return array_map( static fn( $one ): int => (int) ( $one->element_id ?? 0 ), array_values( (array) $all ) );
	}
}
