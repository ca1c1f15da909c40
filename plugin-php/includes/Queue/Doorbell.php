<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

/** A static file that changes when there may be work: thousands of times cheaper to ask than PHP. */
final class Doorbell {

	public const OPTION = 'aidoc_doorbell';
	private const DIR   = 'aidoc-doorbell';

	/** Agents look often for an hour after a ring (docs/protocol.md, section 6): a quarter of an hour sooner. Seconds. */
	private const SILENT = 2700;

	/** Best effort: agents poll every half minute anyway. */
	public function ring(): void {
		$path = $this->path();
		if ( '' === $path ) {
			return;
		}
		// nginx makes an ETag of time and size: two rings in one second must differ in size to be told apart.
		$last   = is_file( $path ) ? (int) filesize( $path ) : 0;
		$length = 17 + ( ( max( 0, $last - 17 ) + 1 ) % 40 );
		$temp   = $path . '.' . bin2hex( random_bytes( 6 ) ) . '.tmp';
		// phpcs:ignore WordPress.PHP.NoSilencedErrors.Discouraged, WordPress.WP.AlternativeFunctions.rename_rename -- the one way to replace a file that is being read; WP_Filesystem::move() deletes first.
		if ( ! self::put( $temp, substr( bin2hex( random_bytes( 32 ) ), 0, $length - 1 ) . "\n" ) || ! @rename( $temp, $path ) ) {
			self::delete( $temp );
			return;
		}
		clearstatcache( true, $path );
	}

	/** Rings where it has been silent for so long that agents may look seldom. The file's own time tells, so it costs no query of its own. */
	public function wake(): void {
		$path = $this->path();
		if ( '' !== $path && is_file( $path ) && filemtime( $path ) < time() - self::SILENT ) {
			$this->ring();
		}
	}

	/** @return string|null Null where the file cannot be written. */
	public function url(): ?string {
		$path = $this->path();
		if ( '' === $path ) {
			return null;
		}
		if ( ! is_file( $path ) ) {
			$this->ring();
		}
		$base = wp_upload_dir( null, false )['baseurl'];
		return is_file( $path ) ? set_url_scheme( $base, (string) wp_parse_url( home_url(), PHP_URL_SCHEME ) ) . '/' . self::DIR . '/' . basename( $path ) : null;
	}

	/** @return string What an agent reads of it now, '' where there is none. */
	public function content(): string {
		$path = $this->path();
		return '' !== $path && is_file( $path ) ? (string) file_get_contents( $path ) : ''; // phpcs:ignore WordPress.WP.AlternativeFunctions.file_get_contents_file_get_contents -- a local file of ours.
	}

	public function remove(): void {
		$dir = $this->dir();
		foreach ( is_dir( $dir ) ? (array) glob( $dir . '/*' ) : array() as $file ) {
			self::delete( $file );
		}
		if ( is_dir( $dir ) ) {
			@rmdir( $dir ); // phpcs:ignore WordPress.PHP.NoSilencedErrors.Discouraged, WordPress.WP.AlternativeFunctions.file_system_operations_rmdir -- best effort: a folder that somebody put a file into stays.
		}
		delete_option( self::OPTION );
	}

	private function path(): string {
		$dir = $this->dir();
		if ( '' === $dir || ( ! is_dir( $dir ) && ! wp_mkdir_p( $dir ) ) || ! wp_is_writable( $dir ) ) {
			return '';
		}
		$name = (string) get_option( self::OPTION, '' );
		if ( ! preg_match( '/^[0-9a-f]{32}$/', $name ) ) {
			$name = bin2hex( random_bytes( 16 ) );
			update_option( self::OPTION, $name, false );
		}
		if ( ! is_file( $dir . '/index.html' ) ) {
			self::put( $dir . '/index.html', '' );
		}
		return $dir . '/' . $name . '.txt';
	}

	/** Best effort, so without a warning where the disk is full or the folder not ours. */
	private static function put( string $path, string $text ): bool {
		// phpcs:ignore WordPress.PHP.NoSilencedErrors.Discouraged, WordPress.WP.AlternativeFunctions.file_system_operations_file_put_contents -- WP_Filesystem may want FTP credentials, and an agent's request has nobody to ask.
		return false !== @file_put_contents( $path, $text );
	}

	private static function delete( string $path ): void {
		@unlink( $path ); // phpcs:ignore WordPress.PHP.NoSilencedErrors.Discouraged, WordPress.WP.AlternativeFunctions.unlink_unlink -- best effort; wp_delete_file() would let filters redirect it.
	}

	private function dir(): string {
		$uploads = wp_upload_dir( null, false );
		// Behind a stream wrapper (S3-Uploads and its like) each ring would be a request to a bucket, and agents read no bell at another origin.
		return empty( $uploads['basedir'] ) || wp_is_stream( $uploads['basedir'] ) ? '' : $uploads['basedir'] . '/' . self::DIR;
	}
}
