<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

/**
 * Where the web server gives a document to anybody, as it does with all uploads where nothing protects them. An agent that reads it there costs
 * the site no PHP; it compares the digest of its lease, and takes the file route where that does not fit.
 */
final class PublicAddress {

	/** @return string '' where the document has none, or one at which an agent could not know it again. */
	public static function of( Job $job ): string {
		if ( '' === $job->sourceSha256 || 'site' !== $job->source_spec()['kind'] ) {
			return '';
		}
		$original = wp_attachment_is_image( $job->attachmentId ) ? wp_get_original_image_path( $job->attachmentId ) : false; // As UploadedFile reads it.
		$uploads  = wp_upload_dir( null, false );
		$path     = wp_normalize_path( $original ? $original : (string) get_attached_file( $job->attachmentId ) );
		$root     = trailingslashit( wp_normalize_path( $uploads['basedir'] ) );
		$parts    = explode( '/', str_starts_with( $path, $root ) ? substr( $path, strlen( $root ) ) : '' );
		$address  = array_intersect( $parts, array( '', '.', '..' ) ) ? '' : $uploads['baseurl'] . '/' . implode( '/', array_map( 'rawurlencode', $parts ) );
		/**
		 * Where agents may read a document as anybody can, without PHP. Return '' for documents that they are to get from the plugin only.
		 *
		 * @param string $address       Of the site's own origin: agents visit no other. '' where the file is outside the uploads folder.
		 * @param int    $attachment_id The attachment.
		 */
		return (string) apply_filters( 'aidoc_document_address', $address, $job->attachmentId );
	}
}
