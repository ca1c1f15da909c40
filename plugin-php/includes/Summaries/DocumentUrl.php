<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/**
 * The address of a document's file. WordPress puts the name of the file into it as it is; names that came by FTP or by an import may
 * hold what means something else in an address (`50%.txt`, `#7.pdf`, `what?.pdf`).
 */
final class DocumentUrl {

	/** @return string '' where WordPress knows no address. */
	public static function of( int $attachment_id ): string {
		$url  = (string) wp_get_attachment_url( $attachment_id );
		$file = ltrim( (string) get_post_meta( $attachment_id, '_wp_attached_file', true ), '/' );
		foreach ( array( $file, wp_basename( $file ) ) as $path ) {
			if ( '' !== $path && str_ends_with( $url, '/' . $path ) ) {
				return substr( $url, 0, -strlen( $path ) ) . implode( '/', array_map( 'rawurlencode', explode( '/', $path ) ) );
			}
		}
		return $url; // Another plugin has built it (a CDN, a signed address): it knows what it means.
	}
}
