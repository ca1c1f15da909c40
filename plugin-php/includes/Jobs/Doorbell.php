<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;


/** A static file that changes when there may be work: thousands of times cheaper to ask than PHP. */
final class Doorbell {

	public const OPTION = 'aidoc_doorbell';
	private const DIR   = 'aidoc-doorbell';

	/** Best effort: agents ask by themselves every half minute anyway. */
	public function ring(): void {
		$path = $this->path();
		if ( '' === $path ) {
			return;
		}
		// nginx makes an ETag of time and size: two rings in one second must differ in size to be told apart.
		$last   = is_file( $path ) ? (int) filesize( $path ) : 0;
		$length = 17 + ( ( max( 0, $last - 17 ) + 1 ) % 40 );
		$temp   = $path . '.' . bin2hex( random_bytes( 6 ) ) . '.tmp';
		if ( false === @file_put_contents( $temp, substr( bin2hex( random_bytes( 32 ) ), 0, $length - 1 ) . "\n" ) || ! @rename( $temp, $path ) ) { // phpcs:ignore
			@unlink( $temp ); // phpcs:ignore
			return;
		}
		clearstatcache( true, $path );
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

	public function remove(): void {
		$dir = $this->dir();
		foreach ( is_dir( $dir ) ? (array) glob( $dir . '/*' ) : array() as $file ) {
			@unlink( $file ); // phpcs:ignore
		}
		if ( is_dir( $dir ) ) {
			@rmdir( $dir ); // phpcs:ignore
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
			@file_put_contents( $dir . '/index.html', '' ); // phpcs:ignore
		}
		return $dir . '/' . $name . '.txt';
	}

	private function dir(): string {
		$uploads = wp_upload_dir( null, false );
		return empty( $uploads['basedir'] ) ? '' : $uploads['basedir'] . '/' . self::DIR;
	}
}
