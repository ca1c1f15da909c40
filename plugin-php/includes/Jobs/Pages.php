<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

use AIDoc\Settings;

/** Which pages of a document are read: those a person named, else the first ones by the settings. Asked when a lease is given. */
final class Pages {

	/** The field of an attachment: a PageRange as it is typed, or ALL. */
	public const FIELD = '_aidoc_pages';

	/** A person wants the whole of this document, whatever the settings say. */
	public const ALL = 'all';

	public function __construct( private readonly Settings $settings ) {}

	/** @return PageRange|null Null where the whole document is read. */
	public function of( int $attachment_id ): ?PageRange {
		$marked = $this->marked( $attachment_id );
		if ( self::ALL === $marked ) {
			return null;
		}
		$range = '' === $marked ? null : PageRange::parse( $marked );
		if ( $range instanceof PageRange ) {
			return 1 === $range->first && 0 === $range->last ? null : $range;
		}
		$first = (int) $this->settings->get( 'first_pages' );
		return $first > 0 ? new PageRange( 1, $first ) : null;
	}

	/** What a person chose: '' for the usual, ALL, or a range as it is typed. */
	public function marked( int $attachment_id ): string {
		return (string) get_post_meta( $attachment_id, self::FIELD, true );
	}

	/** @return true|\WP_Error One sentence where it is no range. */
	public function mark( int $attachment_id, string $typed ): bool|\WP_Error {
		$typed = trim( $typed );
		if ( '' === $typed ) {
			delete_post_meta( $attachment_id, self::FIELD );
			return true;
		}
		if ( self::is_all( $typed ) ) {
			$typed = self::ALL;
		} else {
			$range = PageRange::parse( $typed );
			if ( is_wp_error( $range ) ) {
				return $range;
			}
			$typed = $range->typed();
		}
		update_post_meta( $attachment_id, self::FIELD, $typed );
		return true;
	}

	/** Whoever reads the screen in another language types the word that it names. */
	private static function is_all( string $typed ): bool {
		return in_array( strtolower( $typed ), array( self::ALL, strtolower( __( 'all', 'ai-doc-pipeline' ) ) ), true );
	}
}
