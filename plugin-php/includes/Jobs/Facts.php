<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

/** What is known of an attachment's file at one moment. */
final class Facts {

	/**
	 * @param string $sha256      Hex, or '' where this server cannot read the file, refuses to, or has not read it yet.
	 * @param array  $source      `{"kind":"site"}`, `{"kind":"url","url":…}` or `{"kind":"s3","bucket":…,"key":…,"region":…}`.
	 * @param string $fingerprint Path, size and time of the file: while it stays, the file is not hashed again.
	 * @param string $refusalCode '' where the document can be queued.
	 * @param string $refusal     One sentence for the person who uploaded it.
	 * @param bool   $localOnly   See LocalOnly.
	 */
	public function __construct(
		public readonly int $attachmentId,
		public readonly string $sha256,
		public readonly string $filename,
		public readonly string $mime,
		public readonly int $bytes,
		public readonly string $language,
		public readonly array $source,
		public readonly string $fingerprint,
		public readonly string $refusalCode = '',
		public readonly string $refusal = '',
		public readonly bool $localOnly = false,
	) {}
}
