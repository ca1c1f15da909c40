<?php
declare( strict_types=1 );

namespace AIDoc\Offload;

/** Media Cloud (Interfacelab): notes bucket and key in the attachment's metadata; of files that have none, in a field of its own. */
final class MediaCloud implements Offloader {

	private const FIELD = 'ilab_s3_info';

	public function name(): string {
		return 'media-cloud';
	}

	public function locate( int $attachment_id ): ?Place {
		if ( ! defined( 'MEDIA_CLOUD_VERSION' ) ) {
			return null;
		}
		foreach ( array( wp_get_attachment_metadata( $attachment_id, true ), get_post_meta( $attachment_id, self::FIELD, true ) ) as $noted ) {
			$at = is_array( $noted ) ? ( $noted['s3'] ?? null ) : null;
			if ( is_array( $at ) && is_string( $at['bucket'] ?? null ) && is_string( $at['key'] ?? null ) && '' !== $at['key'] ) {
				return new Place( $at['bucket'], $at['key'] );
			}
		}
		return null;
	}

	/** It signs the address of the attachment itself, where its settings say so for the kind of file. */
	public function address( int $attachment_id, int $seconds ): string {
		return (string) wp_get_attachment_url( $attachment_id );
	}
}
