<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

/**
 * Which attachments are one document: plugins for several languages give each language an attachment of its own for the same file. The oldest
 * of them is read, once, and what becomes of it is what all of them show. Nothing is kept: a request may make copies and ask of them.
 */
final class Copies {

	private const TYPE = 'post_attachment';

	/** @return int The attachment that is read for this one: itself where it is nobody's copy. */
	public function original_of( int $attachment_id ): int {
		return $this->originals( array( $attachment_id ) )[ $attachment_id ];
	}

	/**
	 * @param int[] $ids Attachments.
	 * @return array<int,int> Each of them → the one that is read for it.
	 */
	public function originals( array $ids ): array {
		$families = array_filter( array_map( array( $this, 'family' ), array_combine( $ids, $ids ) ) );
		if ( $families ) {
			_prime_post_caches( array_merge( ...array_values( $families ) ), false, true );
		}
		$originals = array();
		foreach ( $ids as $id ) {
			$originals[ $id ] = self::oldest( $id, $families[ $id ] ?? array() );
		}
		return $originals;
	}

	/** @return int[] All attachments of this document, the given one too; none where there is no other. */
	public function family( int $attachment_id ): array {
		/**
		 * Names the attachments that are the same document in other languages, for a plugin that does not answer the filters of WPML.
		 * They count where they have the same file.
		 *
		 * @param int[] $attachments   Those that Polylang or WPML name.
		 * @param int   $attachment_id The document.
		 */
		$ids = array_map( 'intval', (array) apply_filters( 'aidoc_document_copies', self::translations( $attachment_id ), $attachment_id ) );
		return array_diff( $ids, array( $attachment_id ) ) ? array_values( array_unique( array( $attachment_id, ...$ids ) ) ) : array();
	}

	/** @return int[] By WPML's own filters, which Polylang answers too. */
	private static function translations( int $attachment_id ): array {
		if ( ! has_filter( 'wpml_element_trid' ) ) {
			return array();
		}
		// phpcs:disable WordPress.NamingConventions.PrefixAllGlobals.NonPrefixedHooknameFound -- WPML's.
		$group = (int) apply_filters( 'wpml_element_trid', 0, $attachment_id, self::TYPE );
		$all   = $group > 0 ? apply_filters( 'wpml_get_element_translations', array(), $group, self::TYPE ) : array();
		// phpcs:enable
		return array_map( static fn( $one ): int => (int) ( $one->element_id ?? 0 ), array_values( (array) $all ) );
	}

	/** @param int[] $family Whoever names them: a translation with a file of its own is a document of its own. */
	private static function oldest( int $attachment_id, array $family ): int {
		$file = $family ? get_post_meta( $attachment_id, '_wp_attached_file', true ) : '';
		if ( '' === (string) $file ) {
			return $attachment_id;
		}
		$same = array_filter( $family, static fn( int $id ): bool => 'attachment' === get_post_type( $id ) && 'trash' !== get_post_status( $id ) && get_post_meta( $id, '_wp_attached_file', true ) === $file );
		return $same ? min( $same ) : $attachment_id;
	}
}
