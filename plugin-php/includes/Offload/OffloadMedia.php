<?php
declare( strict_types=1 );

namespace AIDoc\Offload;

/** WP Offload Media (Lite and Pro, from 3.0 on): a row of its table `as3cf_items` for each attachment, read by the class it gives other plugins. */
final class OffloadMedia implements Offloader {

	private const ITEM = '\DeliciousBrains\WP_Offload_Media\Items\Media_Library_Item';

	/** What it calls the file as it was uploaded, where WordPress made a smaller copy of a photo. */
	private const ORIGINAL = 'original_image';

	public function name(): string {
		return 'offload-media';
	}

	public function locate( int $attachment_id ): ?Place {
		$item = self::item( $attachment_id );
		if ( ! $item ) {
			return null;
		}
		$region = $item->region();
		return new Place( (string) $item->bucket(), (string) $item->provider_key( self::object( $item ) ), is_string( $region ) ? $region : '' );
	}

	public function address( int $attachment_id, int $seconds ): string {
		$item = self::item( $attachment_id );
		if ( ! $item ) {
			return '';
		}
		$object = self::object( $item );
		if ( $item->is_private( $object ) && ! self::signs() ) {
			return ''; // It gives the bare address then, which opens nothing.
		}
		$url = $item->get_provider_url( $object, $seconds );
		return is_string( $url ) ? $url : '';
	}

	private static function item( int $attachment_id ): ?object {
		$class = self::ITEM;
		if ( ! class_exists( $class ) || ! isset( $GLOBALS['as3cf'] ) ) {
			return null;
		}
		$item = $class::get_by_source_id( $attachment_id );
		return is_object( $item ) ? $item : null;
	}

	/** @return string|null Null is its word for the file that the attachment points to. */
	private static function object( object $item ): ?string {
		return isset( $item->objects()[ self::ORIGINAL ] ) ? self::ORIGINAL : null;
	}

	private static function signs(): bool {
		return ! $GLOBALS['as3cf']->get_storage_provider()->needs_access_keys();
	}
}
