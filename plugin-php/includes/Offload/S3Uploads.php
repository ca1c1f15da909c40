<?php
declare( strict_types=1 );

namespace AIDoc\Offload;

/** S3-Uploads (Human Made): the uploads folder is `s3://bucket/…`, so an attachment's path names its object. */
final class S3Uploads implements Offloader {

	private const PLUGIN = '\S3_Uploads\Plugin';

	public function name(): string {
		return 's3-uploads';
	}

	public function locate( int $attachment_id ): ?Place {
		$plugin = self::plugin();
		$at     = $plugin ? $plugin->get_s3_location_for_path( Original::path( $attachment_id ) ) : null;
		return $at ? new Place( (string) $at['bucket'], (string) $at['key'], (string) $plugin->get_s3_bucket_region() ) : null;
	}

	public function address( int $attachment_id, int $seconds ): string {
		$plugin = self::plugin();
		$place  = $this->locate( $attachment_id );
		if ( ! $plugin || ! $place ) {
			return '';
		}
		$client  = $plugin->s3();
		$command = $client->getCommand(
			'GetObject',
			array(
				'Bucket' => $place->bucket,
				'Key'    => $place->key,
			)
		);
		return (string) $client->createPresignedRequest( $command, "+$seconds seconds" )->getUri();
	}

	private static function plugin(): ?object {
		$class = self::PLUGIN;
		return class_exists( $class ) && defined( 'S3_UPLOADS_BUCKET' ) && ! ( defined( 'S3_UPLOADS_USE_LOCAL' ) && S3_UPLOADS_USE_LOCAL ) ? $class::get_instance() : null;
	}
}
