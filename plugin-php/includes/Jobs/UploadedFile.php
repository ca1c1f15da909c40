<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

/**
 * The file of an attachment, opened once. Where a file lies is data that imports, other plugins and people write, so nothing
 * is read, hashed or even sized before realpath has shown that it is inside the uploads folder; and what is checked, hashed and
 * sent is the opened file itself, whatever is done to its name in the meantime.
 */
final class UploadedFile {

	/** What fstat calls a regular file. */
	private const TYPE    = 0170000;
	private const REGULAR = 0100000;

	/** So many bytes are hashed between two looks at the clock: some milliseconds. */
	private const PIECE = 4 * MB_IN_BYTES;

	/**
	 * @param string              $path   Its real path.
	 * @param resource            $handle
	 * @param array<string,mixed> $stat   Of the handle.
	 */
	private function __construct(
		public readonly string $path,
		private $handle,
		private readonly array $stat,
	) {}

	public function __destruct() {
		fclose( $this->handle ); // phpcs:ignore WordPress.WP.AlternativeFunctions.file_system_operations_fclose -- WP_Filesystem has no handles; see the class.
	}

	/** The file as it was uploaded: for a big photo WordPress points the attachment at a smaller copy, which is worse to read. */
	public static function of( int $attachment_id ): ?self {
		$original = wp_attachment_is_image( $attachment_id ) ? wp_get_original_image_path( $attachment_id ) : false;
		return ( $original ? self::open( $original ) : null ) ?? self::open( (string) get_attached_file( $attachment_id ) );
	}

	/** @return self|null Null where there is no readable regular file of this name inside the uploads folder. */
	public static function open( string $path ): ?self {
		$real = self::inside( $path );
		if ( null === $real || ! is_file( $real ) ) {
			return null;
		}
		$handle = @fopen( $real, 'rbn' ); // phpcs:ignore WordPress.PHP.NoSilencedErrors.Discouraged, WordPress.WP.AlternativeFunctions.file_system_operations_fopen -- n: what became a pipe since must not hold the request. Gone since: null says so.
		$stat   = $handle ? fstat( $handle ) : false;
		if ( ! $stat || self::REGULAR !== ( $stat['mode'] & self::TYPE ) ) {
			return null;
		}
		$file = new self( $real, $handle, $stat );
		return $file->is_still( $path ) ? $file : null;
	}

	/** While it stays, the file is not hashed again. */
	public function fingerprint(): string {
		return self::fingerprint_of( $this->path, $this->stat );
	}

	/**
	 * Size and fingerprint of an attachment's file without opening it.
	 *
	 * @return array{bytes:int,fingerprint:string}|null Null where there is no such file inside the uploads folder.
	 */
	public static function stat_of( int $attachment_id ): ?array {
		$original = wp_attachment_is_image( $attachment_id ) ? wp_get_original_image_path( $attachment_id ) : false;
		foreach ( array_filter( array( $original, get_attached_file( $attachment_id ) ) ) as $path ) {
			$real = self::inside( $path );
			$stat = null === $real || ! is_file( $real ) ? false : @stat( $real ); // phpcs:ignore WordPress.PHP.NoSilencedErrors.Discouraged -- gone since: false says so.
			if ( $stat ) {
				return array(
					'bytes'       => $stat['size'],
					'fingerprint' => self::fingerprint_of( $real, $stat ),
				);
			}
		}
		return null;
	}

	/** @param array<string,mixed> $stat */
	private static function fingerprint_of( string $path, array $stat ): string {
		return sha1( wp_basename( $path ) . '|' . $stat['size'] . '|' . $stat['mtime'] );
	}

	public function bytes(): int {
		return $this->stat['size'];
	}

	/**
	 * The size of an attachment's file without opening it.
	 *
	 * @return int|null Bytes; null where there is no file inside the uploads folder.
	 */
	public static function bytes_of( int $attachment_id ): ?int {
		$real = self::inside( (string) get_attached_file( $attachment_id ) );
		return null !== $real && is_file( $real ) ? (int) filesize( $real ) : null;
	}

	/**
	 * @param float $until When it has to be known, in seconds as of microtime(); at least a first piece is read.
	 * @return string '' where the time was over before the file was.
	 */
	public function sha256( float $until = INF ): string {
		rewind( $this->handle );
		$hash = hash_init( 'sha256' );
		while ( 0 < hash_update_stream( $hash, $this->handle, self::PIECE ) && ! feof( $this->handle ) ) {
			if ( microtime( true ) > $until ) {
				return '';
			}
		}
		return hash_final( $hash );
	}

	/** Prints a part of it in small pieces. A file that has become shorter prints less: its receiver compares the digest. */
	public function send( int $offset, int $length, int $piece ): void {
		fseek( $this->handle, $offset );
		while ( $length > 0 && ! connection_aborted() ) {
			$bytes = fread( $this->handle, min( $piece, $length ) ); // phpcs:ignore WordPress.WP.AlternativeFunctions.file_system_operations_fread -- WP_Filesystem reads whole files into memory.
			if ( false === $bytes || '' === $bytes ) {
				return;
			}
			echo $bytes; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- the bytes of the file, sent as a download whose digest is signed.
			flush();
			$length -= strlen( $bytes );
		}
	}

	/** Whether the name leads to the opened file and that one is inside: a link may have been created between the check and the opening. */
	private function is_still( string $path ): bool {
		if ( self::inside( $path ) !== $this->path ) {
			return false;
		}
		$now = @stat( $this->path ); // phpcs:ignore WordPress.PHP.NoSilencedErrors.Discouraged -- gone since: false says so.
		return $now && $now['dev'] === $this->stat['dev'] && $now['ino'] === $this->stat['ino'];
	}

	/** @return string|null The real path, null where it is not inside the folder of uploads. Wrappers (`s3://`) are no files of this server. */
	private static function inside( string $path ): ?string {
		if ( '' === $path || str_contains( $path, "\0" ) || wp_is_stream( $path ) ) {
			return null;
		}
		clearstatcache( true ); // PHP remembers for two minutes where each folder led.
		$real = realpath( $path );
		foreach ( false === $real ? array() : self::roots() as $root ) {
			if ( str_starts_with( $real, $root ) && ! self::of_another_site( substr( $real, strlen( $root ) ) ) ) {
				return $real;
			}
		}
		return null;
	}

	/** @return string[] Real paths with a separator at their end. */
	private static function roots(): array {
		/**
		 * The folders that documents are read from. A site whose uploads are partly elsewhere (a folder linked to another disk,
		 * protected downloads) names that folder here; only code can, never what is stored with an attachment.
		 *
		 * @param string[] $folders Default the uploads folder of this site.
		 */
		$folders = (array) apply_filters( 'aidoc_document_folders', array( wp_upload_dir( null, false )['basedir'] ) );
		$real    = array_map( static fn( $folder ) => is_string( $folder ) && '' !== $folder ? (string) realpath( $folder ) : '', $folders );
		$roots   = array_map( static fn( string $folder ) => rtrim( $folder, '/\\' ) . DIRECTORY_SEPARATOR, array_filter( $real ) );
		return array_filter( $roots, static fn( string $root ) => ! self::holds_wordpress( $root ) );
	}

	/** Settings can make the uploads folder so wide that wp-config.php or plugins would be in it: then it is no folder of documents. */
	private static function holds_wordpress( string $root ): bool {
		foreach ( array( ABSPATH, WP_PLUGIN_DIR ) as $code ) {
			if ( str_starts_with( realpath( $code ) . DIRECTORY_SEPARATOR, $root ) ) {
				return true;
			}
		}
		return false;
	}

	/** The uploads of a network's first site contain those of all others. */
	private static function of_another_site( string $below_root ): bool {
		return is_multisite() && is_main_site() && 1 === preg_match( '#^sites[/\\\\][0-9]+[/\\\\]#', $below_root );
	}
}
