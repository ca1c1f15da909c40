<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

/**
 * Stands for the class of S3-Uploads that has the settings: the uploads folder is s3://bucket/uploads. What it tells others is as the public source
 * of version 3.0.11 has it.
 */
final class S3UploadsSettings {

	private static ?self $instance = null;

	public bool $has_keys = true;

	public string $region = 'eu-north-1';

	/** @var \Closure|null A bucket that is really there: of a key and the seconds for which it is signed, the address. */
	public ?\Closure $address = null;

	public static function get_instance(): self {
		return self::$instance ??= new self();
	}

	public function setup(): void {
		stream_wrapper_register( 's3', NamedStream::class, STREAM_IS_URL );
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
		return array_map( static fn( $dir ) => is_string( $dir ) ? str_replace( WP_CONTENT_DIR, 's3://' . S3_UPLOADS_BUCKET, $dir ) : $dir, $dirs );
	}

	public function get_s3_location_for_path( string $path ): ?array {
		$parsed = wp_parse_url( $path );
		return 's3' === ( $parsed['scheme'] ?? '' ) && isset( $parsed['host'], $parsed['path'] ) ? array( 'bucket' => $parsed['host'], 'key' => ltrim( $parsed['path'], '/' ) ) : null;
	}

	public function get_s3_bucket_region(): ?string {
		return $this->region;
	}

	/** What aws-sdk-php has of this. */
	public function s3(): object {
		if ( ! $this->has_keys ) {
			throw new \RuntimeException( 'Error retrieving credentials from the instance profile metadata service.' );
		}
		return new class( $this->address ) {
			public function __construct( private readonly ?\Closure $address ) {}

			public function getCommand( string $name, array $args ): array { // phpcs:ignore WordPress.NamingConventions.ValidFunctionName.MethodNameInvalid -- the name that the SDK gives it.
				return array( $name, $args );
			}

			public function createPresignedRequest( array $command, string $expires ): object { // phpcs:ignore WordPress.NamingConventions.ValidFunctionName.MethodNameInvalid -- the name that the SDK gives it.
				return new class( $command, $expires, $this->address ) {
					public function __construct( private readonly array $command, private readonly string $expires, private readonly ?\Closure $address ) {}

					public function getUri(): string { // phpcs:ignore WordPress.NamingConventions.ValidFunctionName.MethodNameInvalid -- the name that the SDK gives it.
						$seconds = strtotime( $this->expires ) - time();
						if ( $this->address ) {
							return ( $this->address )( $this->command[1]['Key'], $seconds );
						}
						return "https://{$this->command[1]['Bucket']}.s3.eu-north-1.amazonaws.com/{$this->command[1]['Key']}?X-Amz-Expires=$seconds&X-Amz-Signature=f00d";
					}
				};
			}
		};
	}
}
