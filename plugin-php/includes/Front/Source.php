<?php
declare( strict_types=1 );

namespace AIDoc\Front;

/** A document as readers know it: the name of its file, where it is, its kind and size. */
final class Source {

	private function __construct(
		public readonly string $name,
		public readonly string $url,
		public readonly string $facts,
	) {}

	public static function of( \WP_Post $document ): self {
		$file = wp_basename( (string) get_post_meta( $document->ID, '_wp_attached_file', true ) );
		$name = '' !== $file ? $file : get_the_title( $document );
		$size = (int) ( wp_get_attachment_metadata( $document->ID, true )['filesize'] ?? 0 );
		$kind = strtoupper( pathinfo( $file, PATHINFO_EXTENSION ) );
		return new self( $name, (string) wp_get_attachment_url( $document->ID ), implode( ', ', array_filter( array( $kind, $size > 0 ? size_format( $size ) : '' ) ) ) );
	}
}
