<?php
declare( strict_types=1 );

namespace AIDoc\Offload;

/** An attachment's file as it was uploaded, where its folder is none of this server's. */
final class Original {

	/** @return string Its path below the uploads folder; '' where it leads elsewhere: paths are data that imports and people write, and a bucket may hold more than uploads. */
	public static function path( int $attachment_id ): string {
		$original = wp_attachment_is_image( $attachment_id ) ? wp_get_original_image_path( $attachment_id ) : false;
		$path     = (string) ( $original ? $original : get_attached_file( $attachment_id ) );
		return str_starts_with( $path, trailingslashit( wp_get_upload_dir()['basedir'] ) ) && ! in_array( '..', explode( '/', $path ), true ) ? $path : '';
	}
}
