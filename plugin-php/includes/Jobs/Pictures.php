<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

use AIDoc\Settings;

/**
 * Which uploaded pictures are read by themselves. With the setting "those that may be documents" only what surely is none is left out,
 * by what WordPress has noted of it: a phone's picture of a letter looks to PHP like any other. The rest is for the agent's one cheap
 * look (docs/adr/0013-pictures-that-may-be-documents.md). What a person asks for is read in any case.
 */
final class Pictures {

	/** A page of text has more pixels than a logo. */
	private const LEAST_SIDE   = 400;
	private const LEAST_PIXELS = 400_000;

	/** Wider than this is a banner; a long receipt is high. */
	private const WIDEST = 3.0;

	/** How programs and people call scans; whole words only. */
	private const NAMES = '/(?<![\p{L}])(?:scan(?:s|ned|ner|nen|ne)?|camscanner|fax|telefax|invoice|rechnung|facture|factura|receipt|quittung|beleg|dokument|document)(?![\p{Ll}])/iu';

	/** What WordPress and themes use pictures for, as they note it themselves. */
	private const DECORATION = array( 'site-icon', 'custom-header', 'custom-logo', 'custom-background', 'wp_customize' );

	public function __construct( private readonly Settings $settings ) {}

	public static function is( string $mime ): bool {
		return str_starts_with( $mime, 'image/' );
	}

	/** Whether an upload of this type is to be read by itself. */
	public function wanted( int $attachment_id, string $mime ): bool {
		if ( ! self::is( $mime ) ) {
			return true;
		}
		$wanted = match ( $this->settings->get( 'images' ) ) {
			'all'   => true,
			'none'  => false,
			default => $this->may_be_document( $attachment_id, $mime ),
		};
		/**
		 * Whether an uploaded picture is read without anybody asking for it.
		 *
		 * @param bool $wanted        By the setting, and by what the picture looks like.
		 * @param int  $attachment_id The picture.
		 */
		return (bool) apply_filters( 'aidoc_read_picture', $wanted, $attachment_id );
	}

	private function may_be_document( int $attachment_id, string $mime ): bool {
		$noted = wp_get_attachment_metadata( $attachment_id, true );
		$noted = is_array( $noted ) ? $noted : array();
		$name  = wp_basename( (string) ( $noted['original_image'] ?? get_post_meta( $attachment_id, '_wp_attached_file', true ) ) );
		return match ( true ) {
			'image/tiff' === $mime                  => true,
			$this->decorates( $attachment_id )      => false,
			1 === preg_match( self::NAMES, $name ) => true,
			default                                 => self::is_page_sized( (int) ( $noted['width'] ?? 0 ), (int) ( $noted['height'] ?? 0 ) ),
		};
	}

	private function decorates( int $attachment_id ): bool {
		return in_array( get_post_meta( $attachment_id, '_wp_attachment_context', true ), self::DECORATION, true );
	}

	/** Of a picture whose size is not known nothing speaks against it. */
	private static function is_page_sized( int $width, int $height ): bool {
		return $width < 1 || $height < 1
			|| ( min( $width, $height ) >= self::LEAST_SIDE && $width * $height >= self::LEAST_PIXELS && $width <= self::WIDEST * $height );
	}
}
