<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Jobs\UploadedFile;

/** An answer whose body is a file, read as it is sent: a document of any size costs 64 KiB. */
final class FileAnswer extends \WP_REST_Response {

	private const CHUNK = 65_536;

	/** @param string $digest Base64 of the SHA-256 of the whole file, as the job row has it. */
	public function __construct(
		private readonly UploadedFile $file,
		private readonly ByteRange $range,
		public readonly string $digest,
	) {
		parent::__construct( null );
	}

	public function stream(): void {
		$this->file->send( $this->range->offset, $this->range->length, self::CHUNK );
	}
}
