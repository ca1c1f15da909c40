<?php
declare( strict_types=1 );

namespace AIDoc\REST;

/** An answer whose body is a file, read as it is sent: a document of any size costs 64 KiB. */
final class FileAnswer extends \WP_REST_Response {

	private const CHUNK = 65_536;

	/** @param string $digest Base64 of the SHA-256 of the whole file, as the job row has it. */
	public function __construct(
		private readonly string $path,
		private readonly ByteRange $range,
		public readonly string $digest,
	) {
		parent::__construct( null );
	}

	public function stream(): void {
		$file = fopen( $this->path, 'rb' ); // phpcs:ignore WordPress.WP.AlternativeFunctions
		if ( ! $file ) {
			return; // Nothing was promised that the agent does not check: it sees a short body.
		}
		fseek( $file, $this->range->offset );
		$left = $this->range->length;
		while ( $left > 0 && ! connection_aborted() ) {
			$bytes = fread( $file, min( self::CHUNK, $left ) ); // phpcs:ignore WordPress.WP.AlternativeFunctions
			if ( false === $bytes || '' === $bytes ) {
				break;
			}
			echo $bytes; // phpcs:ignore WordPress.Security.EscapeOutput
			flush();
			$left -= strlen( $bytes );
		}
		fclose( $file ); // phpcs:ignore WordPress.WP.AlternativeFunctions
	}
}
