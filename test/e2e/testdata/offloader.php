<?php
/**
 * One plugin that keeps uploads in a bucket, as plugin-php/tests stands for it, beside a bucket that is really there. E2E_OFFLOAD says which, and
 * how it is set up.
 */
$e2e = json_decode( E2E_OFFLOAD, true );

/** The address of an object; signed (AWS Signature Version 4, in the query) where it is to open for some seconds. */
$e2e_address = static function ( string $key, int $seconds ) use ( $e2e ): string {
	$host = preg_replace( '#^https://#', '', $e2e['endpoint'] );
	$path = '/' . implode( '/', array_map( 'rawurlencode', explode( '/', "{$e2e['bucket']}/$key" ) ) );
	if ( 0 === $seconds ) {
		return "https://$host$path";
	}
	$scope = gmdate( 'Ymd' ) . "/{$e2e['region']}/s3/aws4_request";
	$query = array( 'X-Amz-Algorithm' => 'AWS4-HMAC-SHA256', 'X-Amz-Credential' => "{$e2e['access']}/$scope", 'X-Amz-Date' => gmdate( 'Ymd\THis\Z' ), 'X-Amz-Expires' => $seconds, 'X-Amz-SignedHeaders' => 'host' );
	$query = http_build_query( $query, '', '&', PHP_QUERY_RFC3986 );
	$asked = "AWS4-HMAC-SHA256\n" . gmdate( 'Ymd\THis\Z' ) . "\n$scope\n" . hash( 'sha256', "GET\n$path\n$query\nhost:$host\n\nhost\nUNSIGNED-PAYLOAD" );
	$sign  = 'AWS4' . $e2e['secret'];
	foreach ( explode( '/', $scope ) as $part ) {
		$sign = hash_hmac( 'sha256', $part, $sign, true );
	}
	return "https://$host$path?$query&X-Amz-Signature=" . hash_hmac( 'sha256', $asked, $sign );
};
foreach ( array( 'OffloadMediaItem', 'S3UploadsSettings', 'NamedStream' ) as $e2e_stand_in ) {
	require_once "{$e2e['stand_ins']}/$e2e_stand_in.php";
}
switch ( $e2e['plugin'] ) {
	case 'offload-media':
		class_alias( AIDoc\Tests\OffloadMediaItem::class, 'DeliciousBrains\WP_Offload_Media\Items\Media_Library_Item' );
		AIDoc\Tests\OffloadMediaItem::install();
		AIDoc\Tests\OffloadMediaItem::$address = $e2e_address;
		$GLOBALS['as3cf']                      = new class( $e2e['signs'] ) {
			public function __construct( private readonly bool $signs ) {}

			public function get_storage_provider(): self {
				return $this;
			}

			public function needs_access_keys(): bool {
				return ! $this->signs;
			}
		};
		break;
	case 's3-uploads':
		define( 'S3_UPLOADS_BUCKET', $e2e['bucket'] );
		class_alias( AIDoc\Tests\S3UploadsSettings::class, 'S3_Uploads\Plugin' );
		$e2e_plugin           = S3_Uploads\Plugin::get_instance();
		$e2e_plugin->region   = $e2e['region'];
		$e2e_plugin->has_keys = $e2e['signs'];
		$e2e_plugin->address  = $e2e_address;
		$e2e_plugin->setup();
		break;
	case 'media-cloud':
		define( 'MEDIA_CLOUD_VERSION', '4.6.0' );
		add_filter( 'wp_get_attachment_url', static function ( $url, $id ) use ( $e2e, $e2e_address ) {
			$noted = get_post_meta( $id, 'ilab_s3_info', true );
			return $noted ? $e2e_address( $noted['s3']['key'], $e2e['signs'] ? 600 : 0 ) : $url;
		}, 10, 2 );
		break;
	case 'stream': // A host's own: its address is public.
		stream_wrapper_register( 'vip', AIDoc\Tests\NamedStream::class );
		add_filter( 'upload_dir', static function ( array $dirs ) use ( $e2e ): array {
			$dirs['basedir'] = 'vip://wp-content/uploads';
			$dirs['path']    = $dirs['basedir'] . $dirs['subdir'];
			$dirs['baseurl'] = "{$e2e['endpoint']}/{$e2e['bucket']}/uploads";
			$dirs['url']     = $dirs['baseurl'] . $dirs['subdir'];
			return $dirs;
		} );
		break;
}
if ( $e2e['by_bucket'] ) {
	add_filter( 'aidoc_lease_source', static fn( array $source, int $id, array $place ): array => $place, 10, 3 );
}
