<?php
/**
 * Stand-ins for plugins that move uploads into a bucket: the classes, tables and filters that the real ones give others, as their public
 * sources of 2026 have them (WP Offload Media Lite 3.2.11, S3-Uploads 3.0.11, Media Cloud 4.6). Loaded by OffloadTest only.
 */
declare( strict_types=1 );

namespace DeliciousBrains\WP_Offload_Media\Items {

	/** A row of as3cf_items. */
	final class Media_Library_Item {

		private function __construct( private readonly object $row ) {}

		public static function install(): void {
			global $wpdb;
			$wpdb->query( "CREATE TABLE IF NOT EXISTS {$wpdb->prefix}as3cf_items (id BIGINT(20) UNSIGNED NOT NULL AUTO_INCREMENT, provider VARCHAR(18) NOT NULL, region VARCHAR(255) NOT NULL, bucket VARCHAR(255) NOT NULL, path VARCHAR(1024) NOT NULL, is_private BOOLEAN NOT NULL DEFAULT 0, source_type VARCHAR(18) NOT NULL, source_id BIGINT(20) UNSIGNED NOT NULL, extra_info LONGTEXT, PRIMARY KEY (id))" );
		}

		public static function drop(): void {
			global $wpdb;
			$wpdb->query( "DROP TABLE IF EXISTS {$wpdb->prefix}as3cf_items" );
		}

		/** As its upload handler does, with "remove local files" on. */
		public static function offload( int $id, bool $private_object = false ): void {
			global $wpdb;
			$row = array( 'provider' => 'aws', 'region' => 'eu-west-1', 'bucket' => 'acme-media', 'path' => 'wp-content/uploads/' . get_post_meta( $id, '_wp_attached_file', true ), 'is_private' => (int) $private_object, 'source_type' => 'media-library', 'source_id' => $id, 'extra_info' => serialize( array( 'private_prefix' => 'private/' ) ) );
			$wpdb->insert( $wpdb->prefix . 'as3cf_items', $row );
			$file = get_attached_file( $id, true );
			wp_update_attachment_metadata( $id, array( 'filesize' => filesize( $file ) ) );
			unlink( $file );
		}

		public static function get_by_source_id( $source_id ) {
			global $wpdb;
			$row = $wpdb->get_row( $wpdb->prepare( "SELECT * FROM {$wpdb->prefix}as3cf_items WHERE source_id = %d AND source_type = %s", $source_id, 'media-library' ) );
			return $row ? new self( $row ) : false;
		}

		public function region() {
			return $this->row->region;
		}

		public function bucket() {
			return $this->row->bucket;
		}

		public function objects(): array {
			return array();
		}

		public function is_private( $object_key = null ): bool {
			return (bool) $this->row->is_private;
		}

		public function provider_key( $object_key = null ): string {
			return ( $this->is_private( $object_key ) ? 'private/' : '' ) . $this->row->path;
		}

		public function get_provider_url( string $object_key = null, int $expires = null, array $headers = array() ) {
			$signed = $this->is_private( $object_key ) && ! $GLOBALS['as3cf']->get_storage_provider()->needs_access_keys();
			return 'https://acme-media.s3.eu-west-1.amazonaws.com/' . $this->provider_key( $object_key ) . ( $signed ? "?X-Amz-Expires=$expires&X-Amz-Signature=f00d" : '' );
		}
	}
}

namespace S3_Uploads {

	/** WordPress and the plugin ask PHP for its name only: whatever else is asked of the bucket is an error. */
	final class Stream_Wrapper {

		/** @var resource|null */
		public $context;
	}

	/** The uploads folder is s3://bucket/uploads. */
	final class Plugin {

		private static ?self $instance = null;

		public bool $has_keys = true;

		public static function get_instance(): self {
			return self::$instance ??= new self();
		}

		public function setup(): void {
			stream_wrapper_register( 's3', Stream_Wrapper::class, STREAM_IS_URL );
			add_filter( 'upload_dir', array( $this, 'filter_upload_dir' ) );
		}

		public function tear_down(): void {
			if ( has_filter( 'upload_dir', array( $this, 'filter_upload_dir' ) ) ) {
				stream_wrapper_unregister( 's3' );
				remove_filter( 'upload_dir', array( $this, 'filter_upload_dir' ) );
			}
			$this->has_keys = true;
		}

		public function filter_upload_dir( array $dirs ): array {
			return array_map( static fn( $dir ) => is_string( $dir ) ? str_replace( WP_CONTENT_DIR, 's3://acme-bucket', $dir ) : $dir, $dirs );
		}

		public function get_s3_location_for_path( string $path ): ?array {
			$parsed = wp_parse_url( $path );
			return 's3' === ( $parsed['scheme'] ?? '' ) && isset( $parsed['host'], $parsed['path'] ) ? array( 'bucket' => $parsed['host'], 'key' => ltrim( $parsed['path'], '/' ) ) : null;
		}

		public function get_s3_bucket_region(): ?string {
			return 'eu-north-1';
		}

		/** What aws-sdk-php has of this. */
		public function s3(): object {
			if ( ! $this->has_keys ) {
				throw new \RuntimeException( 'Error retrieving credentials from the instance profile metadata service.' );
			}
			return new class() {
				public function getCommand( string $name, array $args ): array {
					return array( $name, $args );
				}

				public function createPresignedRequest( array $command, string $expires ): object {
					return new class( $command, $expires ) {
						public function __construct( private readonly array $command, private readonly string $expires ) {}

						public function getUri(): string {
							return "https://{$this->command[1]['Bucket']}.s3.eu-north-1.amazonaws.com/{$this->command[1]['Key']}?X-Amz-Expires=" . ( strtotime( $this->expires ) - time() ) . '&X-Amz-Signature=f00d';
						}
					};
				}
			};
		}
	}
}
