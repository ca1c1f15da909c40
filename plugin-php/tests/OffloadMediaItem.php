<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

/**
 * Stands for WP Offload Media's Media_Library_Item: a row of its table as3cf_items, and what it tells other plugins, as the public source of
 * version 3.2.11 (Lite) has it.
 */
final class OffloadMediaItem {

	public static string $bucket = 'acme-media';

	public static string $region = 'eu-west-1';

	/** @var \Closure|null A bucket that is really there: of a key and the seconds for which it is signed (0: it is not), the address. */
	public static ?\Closure $address = null;

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
		$row = array( 'provider' => 'aws', 'region' => self::$region, 'bucket' => self::$bucket, 'path' => 'wp-content/uploads/' . get_post_meta( $id, '_wp_attached_file', true ), 'is_private' => (int) $private_object, 'source_type' => 'media-library', 'source_id' => $id, 'extra_info' => maybe_serialize( array( 'private_prefix' => 'private/' ) ) );
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

	public function is_private(): bool {
		return (bool) $this->row->is_private;
	}

	public function provider_key(): string {
		return ( $this->is_private() ? 'private/' : '' ) . $this->row->path;
	}

	public function get_provider_url( ?string $unused, ?int $expires ) { // phpcs:ignore Generic.CodeAnalysis.UnusedFunctionParameter.FoundBeforeLastUsed -- which of its objects: this one has one.
		$signed = $this->is_private() && ! $GLOBALS['as3cf']->get_storage_provider()->needs_access_keys();
		if ( self::$address ) {
			return ( self::$address )( $this->provider_key(), $signed ? (int) $expires : 0 );
		}
		return 'https://acme-media.s3.eu-west-1.amazonaws.com/' . $this->provider_key() . ( $signed ? "?X-Amz-Expires=$expires&X-Amz-Signature=f00d" : '' );
	}
}
