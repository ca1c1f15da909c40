<?php
declare( strict_types=1 );

namespace AIDoc\Offload;

/** Hosts whose uploads folder is behind a stream wrapper of their own (`vip://`, `gs://`): the bytes come from the attachment's address. */
final class StreamUploads implements Offloader {

	public function name(): string {
		return 'stream';
	}

	public function locate( int $attachment_id ): ?Place {
		return wp_is_stream( Original::path( $attachment_id ) ) ? new Place() : null;
	}

	public function address( int $attachment_id, int $seconds ): string {
		$url = wp_attachment_is_image( $attachment_id ) ? wp_get_original_image_url( $attachment_id ) : wp_get_attachment_url( $attachment_id );
		return (string) $url;
	}
}
