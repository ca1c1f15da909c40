<?php
declare( strict_types=1 );

namespace AIDoc\Offload;

/** A plugin that keeps the site's uploads somewhere else, asked by its own documented classes and hooks. */
interface Offloader {

	/** Says in a job's row which of them knows the place: letters and hyphens, and it never changes. */
	public function name(): string;

	/** @return Place|null Where the file of this attachment lies as it was uploaded; null where this plugin does not keep it. */
	public function locate( int $attachment_id ): ?Place;

	/**
	 * An address that opens the document for a while without any key of the reader's.
	 *
	 * @param int $seconds How long it has to last.
	 * @return string '' where this plugin can give none, for want of keys of its own.
	 */
	public function address( int $attachment_id, int $seconds ): string;
}
